/** How the rows of a picture with red, green, blue and, where there are four channels, transparency lie in memory. */
export interface RowsInMemory {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Bytes from a row to the next. */
  readonly stride: number;
  readonly memory: Uint8Array;
  /** Where the first row begins in it. */
  readonly start: number;
  /** The ICC profile of its colours; empty for sRGB. */
  readonly profile: Uint8Array;
}

/** Rows that a reader takes at a time. */
const ROWS_IN_STRIP = 16;

const [SHORT, LONG, BYTES] = [3, 4, 7];
const SIZES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [BYTES]: 1 };

type Field = readonly [tag: number, type: number, values: ArrayLike<number>];

/** A picture as a TIFF without compression, the simplest file that carries pixels together with their ICC profile. */
export function plainTiff(picture: RowsInMemory): Uint8Array<ArrayBuffer> {
  const { width, height, channels, stride, memory, start, profile } = picture;
  const rowBytes = width * channels;
  const strips = Math.ceil(height / ROWS_IN_STRIP);
  const fieldsFor = (pixelsAt: number): Field[] => [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array.from({ length: channels }, () => 8)],
    [259, SHORT, [1]], // not compressed
    [262, SHORT, [2]], // red, green, blue
    [273, LONG, Array.from({ length: strips }, (_, k) => pixelsAt + k * ROWS_IN_STRIP * rowBytes)],
    [277, SHORT, [channels]],
    [278, LONG, [ROWS_IN_STRIP]],
    [279, LONG, Array.from({ length: strips }, (_, k) => rowsOf(k, height) * rowBytes)],
    [284, SHORT, [1]], // colours of a pixel side by side
    ...channels === 4 ? [[338, SHORT, [2]] satisfies Field] : [], // transparency, by which colours are not multiplied
    ...profile.length > 0 ? [[34675, BYTES, profile] satisfies Field] : [],
  ];
  const headerBytes = written(fieldsFor(0)).length;
  const tiff = new Uint8Array(headerBytes + height * rowBytes);
  tiff.set(written(fieldsFor(headerBytes)));
  for (let row = 0; row < height; row++) {
    const from = start + row * stride;
    tiff.set(memory.subarray(from, from + rowBytes), headerBytes + row * rowBytes);
  }
  return tiff;
}

function rowsOf(strip: number, height: number): number {
  return Math.min(ROWS_IN_STRIP, height - strip * ROWS_IN_STRIP);
}

/** The beginning of a TIFF: its directory, and behind it the values that are longer than four bytes. */
function written(fields: readonly Field[]): Uint8Array {
  const bytesOf = ([, type, values]: Field) => SIZES[type] * values.length;
  const directory = 8;
  let valuesAt = directory + 2 + 12 * fields.length + 4;
  const even = (bytes: number) => bytes + bytes % 2;
  const total = fields.reduce((sum, field) => sum + (bytesOf(field) > 4 ? even(bytesOf(field)) : 0), valuesAt);
  const view = new DataView(new ArrayBuffer(total));
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, directory, true);
  view.setUint16(directory, fields.length, true);
  for (const [index, field] of fields.entries()) {
    const [tag, type, values] = field;
    const at = directory + 2 + 12 * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, values.length, true);
    const isInPlace = bytesOf(field) <= 4;
    if (!isInPlace) view.setUint32(at + 8, valuesAt, true);
    writeValues(view, isInPlace ? at + 8 : valuesAt, field);
    if (!isInPlace) valuesAt += even(bytesOf(field));
  }
  return new Uint8Array(view.buffer);
}

function writeValues(view: DataView, at: number, [, type, values]: Field): void {
  for (let k = 0; k < values.length; k++) {
    if (type === SHORT) view.setUint16(at + 2 * k, values[k], true);
    else if (type === LONG) view.setUint32(at + 4 * k, values[k], true);
    else view.setUint8(at + k, values[k]);
  }
}
