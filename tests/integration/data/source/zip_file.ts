import { crc32, deflateRawSync } from "node:zlib";

/** A file in a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Kept as it is, or deflated. */
  readonly stored?: boolean;
  /** What the file says of the entry, where that is not so. */
  readonly claims?: { readonly flags?: number; readonly method?: number; readonly bytes?: number };
}

const encoder = new TextEncoder();

/** A zip file with these entries (PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16), dated 2013-09-20. */
export function zipFile(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, stored, claims = {} } of entries) {
    const contents = stored ? bytes : new Uint8Array(deflateRawSync(bytes));
    const fileName = encoder.encode(name);
    const date = (2013 - 1980) << 9 | 9 << 5 | 20;
    const method = claims.method ?? (stored ? 0 : 8);
    const sizes = fields([4, crc32(bytes)], [4, contents.length], [4, claims.bytes ?? bytes.length], [
      2,
      fileName.length,
    ], [2, 0]);
    const common = joined([fields([2, 20], [2, claims.flags ?? 0], [2, method], [2, 0], [2, date]), sizes]);
    const header = joined([fields([4, 0x04034b50]), common, fileName, contents]);
    directory.push(joined([
      fields([4, 0x02014b50], [2, 20]),
      common,
      fields([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
      fileName,
    ]));
    local.push(header);
    offset += header.length;
  }
  const listing = joined(directory);
  const count = entries.length;
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, listing.length], [4, offset], [2, 0]);
  return joined([...local, listing, end]);
}

/** Little-endian numbers, each with its width in bytes. */
function fields(...values: readonly (readonly [bytes: number, value: number])[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, index) => value >>> 8 * index & 0xff)),
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
