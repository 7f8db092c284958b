/** Bits of a refined coefficient, and coefficients of a block beside its mean. */
const [DEPTH, COEFFICIENTS] = [13, 63];

/**
 * A progressive JPEG of one grey and up to 882 scans, each of which adds nothing to one coefficient and makes the decoder
 * pass over the whole picture.
 */
export function scanBomb(side: number, scans: number): Uint8Array {
  const blocks = Math.ceil(side / 8) ** 2;
  const parts = [
    [0xff, 0xd8],
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(0xc2, [8, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0]),
    // A code of one bit each: "no difference" for means, "nothing in the next 2^14 blocks or more" for the rest.
    segment(0xc4, [0x00, 1, ...Array<number>(15).fill(0), 0x00]),
    segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0xe0]),
    scan(0, 0, 0, new Uint8Array(Math.ceil(blocks / 8))),
  ];
  const empty = emptyBlocks(blocks);
  for (let made = 0; made < Math.min(scans, COEFFICIENTS * (DEPTH + 1)); made++) {
    const coefficient = 1 + made % COEFFICIENTS;
    const low = DEPTH - Math.floor(made / COEFFICIENTS);
    parts.push(scan(coefficient, low === DEPTH ? 0 : low + 1, low, empty));
  }
  return Uint8Array.from([...parts, [0xff, 0xd9]].flatMap((part) => [...part]));
}

function segment(marker: number, content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...content];
}

function scan(coefficient: number, high: number, low: number, data: Uint8Array): number[] {
  return [...segment(0xda, [1, 1, 0, coefficient, coefficient, high << 4 | low]), ...data];
}

/** Runs of empty blocks: a bit for the code, 14 for how many more than 2^14 there are. */
function emptyBlocks(blocks: number): Uint8Array {
  let bits = "";
  let left = blocks;
  while (left >= 2 ** 14) {
    const run = Math.min(left, 2 ** 15 - 1);
    bits += `0${(run - 2 ** 14).toString(2).padStart(14, "0")}`;
    left -= run;
  }
  // The last run may reach past the end.
  if (left > 0) bits += "0".repeat(15);
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, "0"), 2));
  return Uint8Array.from(bytes.flatMap((byte) => byte === 0xff ? [0xff, 0] : [byte]));
}
