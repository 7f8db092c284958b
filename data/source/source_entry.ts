/** A file that is a photo by its name, as a listing shows it, without reading it. */
export interface SourceEntry {
  /** Its path below the folder or inside the zip file, parts separated by `/`. */
  readonly id: string;
  /** Size of the contents in bytes. */
  readonly bytes: number;
  /** Time of the last change in milliseconds since 1970; for a zip's entry, its own time read as UTC. */
  readonly modified: number;
  /** CRC-32 of the contents, where the zip file states it. */
  readonly crc32?: number;
}

/** Where photos come from: a folder or a zip file. */
export interface PhotoSource {
  /**
   * Every file with a picture's extension, in natural order of ids. Hidden files and what systems leave behind are
   * passed over.
   * @throws PhotoSourceError when a folder cannot be listed.
   */
  list(): Promise<SourceEntry[]>;
  /**
   * The contents of a file that `list` named.
   * @throws PhotoError when this one file cannot be read.
   */
  read(id: string): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}
