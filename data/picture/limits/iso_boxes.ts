/** A box of an ISO media file (AVIF, HEIC, MP4): its four-letter type and where its contents lie. */
export interface IsoBox {
  readonly type: string;
  readonly start: number;
  /** Where the box says that it ends; it may lie behind the file's end. */
  readonly end: number;
}

/** Boxes that are looked at side by side: a file of more is none that a camera wrote. */
const MAXIMUM_BOXES = 10_000;

/** The boxes side by side in a part of a file, as far as their headers are there. */
export function* isoBoxes(bytes: Uint8Array, start = 0, end = bytes.length): Generator<IsoBox> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (let count = 0; count < MAXIMUM_BOXES && at + 8 <= Math.min(end, bytes.length); count++) {
    const stated = view.getUint32(at);
    const isLong = stated === 1;
    if (isLong && at + 16 > bytes.length) return;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : stated === 0 ? end - at : stated;
    const header = isLong ? 16 : 8;
    if (size < header) return;
    yield { type: fourLetters(bytes, at + 4), start: at + header, end: at + size };
    at += size;
  }
}

/** The kinds of file that an ISO media file says it is, the one it was made as first; empty for other files. */
export function isoBrands(bytes: Uint8Array): string[] {
  const [first] = isoBoxes(bytes);
  if (first?.type !== "ftyp") return [];
  const brands = [fourLetters(bytes, first.start)];
  for (let at = first.start + 8; at + 4 <= Math.min(first.end, bytes.length, 512); at += 4) {
    brands.push(fourLetters(bytes, at));
  }
  return brands;
}

/** Whether an ISO media file ends before one of its boxes does, or with the beginning of one. */
export function isIsoCutShort(bytes: Uint8Array): boolean {
  let reached = 0;
  for (const { end } of isoBoxes(bytes)) reached = end;
  return reached !== bytes.length;
}

function fourLetters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
