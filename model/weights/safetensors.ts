import { float32FromBfloat16 } from "./bfloat16.ts";
import { DTYPE_BYTES, LENGTH_BYTES, parseHeader, type SafetensorsHeader } from "./safetensors_header.ts";
import { sizeOf, type Tensor } from "../tensor.ts";

/** One stored array: numbers as they stand in the file. BF16 has no array type of its own and is given as its bits. */
export type StoredArray =
  & { readonly shape: readonly number[] }
  & (
    | { readonly dtype: "F32"; readonly data: Float32Array }
    | { readonly dtype: "F16"; readonly data: Float16Array }
    | { readonly dtype: "BF16"; readonly data: Uint16Array }
    | { readonly dtype: "I64"; readonly data: BigInt64Array }
    | { readonly dtype: "I32"; readonly data: Int32Array }
    | { readonly dtype: "U8"; readonly data: Uint8Array }
  );

/** A safetensors file in memory; its arrays are read one by one when they are asked for. */
export class Safetensors {
  readonly metadata: SafetensorsHeader["metadata"];
  /** Names, types and shapes of the arrays. */
  readonly entries: SafetensorsHeader["entries"];
  readonly #bytes: Uint8Array;

  /** @throws SafetensorsError when the bytes are not exactly one well-formed file. */
  constructor(bytes: Uint8Array) {
    const { metadata, entries } = parseHeader(bytes, bytes.length);
    this.metadata = metadata;
    this.entries = entries;
    this.#bytes = bytes;
  }

  /**
   * One array as it stands in the file: a view on the file's bytes where they are aligned, else a copy. Do not write
   * into it.
   * @throws RangeError when the file has no array of that name.
   */
  array(name: string): StoredArray {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw new RangeError(
        `Cannot read an array: expected one of the file's ${this.entries.size} names, got "${name}"`,
      );
    }
    const { dtype, shape } = entry;
    const view = this.#bytes.subarray(entry.start, entry.end);
    const { buffer, byteOffset } = view.byteOffset % DTYPE_BYTES[dtype] === 0 ? view : view.slice();
    const length = sizeOf(shape);
    switch (dtype) {
      case "F32":
        return { dtype, shape, data: new Float32Array(buffer, byteOffset, length) };
      case "F16":
        return { dtype, shape, data: new Float16Array(buffer, byteOffset, length) };
      case "BF16":
        return { dtype, shape, data: new Uint16Array(buffer, byteOffset, length) };
      case "I64":
        return { dtype, shape, data: new BigInt64Array(buffer, byteOffset, length) };
      case "I32":
        return { dtype, shape, data: new Int32Array(buffer, byteOffset, length) };
      case "U8":
        return { dtype, shape, data: new Uint8Array(buffer, byteOffset, length) };
    }
  }

  /**
   * One array of real numbers as float32: F32, F16 and BF16, all exact.
   * @throws RangeError when the file has no array of that name, or it holds whole numbers.
   */
  tensor(name: string): Tensor {
    const { dtype, shape, data } = this.array(name);
    switch (dtype) {
      case "F32":
        return { shape, data };
      case "F16":
        return { shape, data: new Float32Array(data) };
      case "BF16":
        return { shape, data: float32FromBfloat16(data) };
      default:
        throw new RangeError(`Cannot read ${name} as float32: expected F32, F16 or BF16, got ${dtype}`);
    }
  }
}

/**
 * A safetensors file with these arrays. Wider numbers come first, so that every array is aligned and can be read
 * without a copy; the same arrays give the same bytes.
 * @throws RangeError when an array's data is not as long as its shape says.
 */
export function writeSafetensors(
  arrays: ReadonlyMap<string, StoredArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const inOrder = [...arrays].sort(([name, a], [otherName, b]) =>
    DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype] || (name < otherName ? -1 : 1)
  );
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let dataBytes = 0;
  for (const [name, { dtype, shape, data }] of inOrder) {
    if (sizeOf(shape) !== data.length) {
      throw new RangeError(`Cannot write ${name}: expected ${sizeOf(shape)} values for [${shape}], got ${data.length}`);
    }
    header[name] = { dtype, shape, data_offsets: [dataBytes, dataBytes + data.byteLength] };
    dataBytes += data.byteLength;
  }
  const headerText = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(headerText.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(headerText, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  bytes.fill(" ".charCodeAt(0), LENGTH_BYTES + headerText.length, at);
  for (const [, { data }] of inOrder) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** A float32 tensor as an array to write: as it is, or rounded to float16 (to even). */
export function storedTensor({ shape, data }: Tensor, dtype: "F32" | "F16" = "F32"): StoredArray {
  return dtype === "F32" ? { dtype, shape, data } : { dtype, shape, data: new Float16Array(data) };
}
