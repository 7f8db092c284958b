/** Bytes of text whose letters are bytes. */
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A box of an ISO media file around its contents. */
export function isoBox(type: string, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, { length }) => sum + length, 8);
  const box = new Uint8Array(length);
  new DataView(box.buffer).setUint32(0, length);
  box.set(bytesOfText(type), 4);
  let at = 8;
  for (const part of contents) {
    box.set(part, at);
    at += part.length;
  }
  return box;
}

/** The box that an ISO media file begins with: the brand that it was made as, and those that it may be read as. */
export function fileType(made: string, ...readAs: readonly string[]): Uint8Array<ArrayBuffer> {
  return isoBox("ftyp", bytesOfText(`${made}\0\0\0\0${readAs.join("")}`));
}
