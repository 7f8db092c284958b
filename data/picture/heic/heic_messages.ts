/** A HEIC for the worker to decode, and what it may take. */
export interface HeicRequest {
  readonly heic: Uint8Array<ArrayBuffer>;
  /** Pixels that no picture in the file may have more of. */
  readonly maximumPixels: number;
  /** Bytes that the library's memory may grow to. */
  readonly maximumBytes: number;
}

/** The picture as a TIFF, or why there is none. */
export type HeicReply =
  | { readonly kind: "decoded"; readonly tiff: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly message: string };
