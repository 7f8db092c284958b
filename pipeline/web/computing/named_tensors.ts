import { sizeOf, type Tensor } from "../../../model/tensor.ts";

/** What the header of a safetensors file says of an array. */
interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/**
 * The tensors of a safetensors file that was written with the page, in float32. It is the page's own, so that nothing is
 * checked as `Safetensors` checks files from anywhere, by a library that is larger than the page.
 */
export function namedTensors(bytes: Uint8Array<ArrayBuffer>): Map<string, Tensor> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header: Record<string, Entry> = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return new Map(
    Object.entries(header).filter(([name]) => name !== "__metadata__").map(
      ([name, { dtype, shape, data_offsets: [start] }]) => {
        const at = bytes.byteOffset + 8 + length + start;
        const numbers = dtype === "F16" ? Float16Array : Float32Array;
        return [name, { shape, data: new Float32Array(new numbers(bytes.buffer, at, sizeOf(shape))) }];
      },
    ),
  );
}

/** Those whose names start so, without that start. */
export function tensorsBelow(tensors: ReadonlyMap<string, Tensor>, start: string): Map<string, Tensor> {
  return new Map(
    [...tensors].filter(([name]) => name.startsWith(start)).map(([name, tensor]) => [name.slice(start.length), tensor]),
  );
}
