/** A dense array of 32-bit floats with its shape, row-major (the last axis varies fastest). */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name. */
export type TensorMap = ReadonlyMap<string, Tensor>;

/** How many elements an array of that shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/**
 * Pairs data with its shape.
 * @throws RangeError when the shape does not hold exactly `data.length` elements.
 */
export function tensor(shape: readonly number[], data: Float32Array): Tensor {
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(
      `Cannot make a tensor: expected ${sizeOf(shape)} values for shape [${shape}], got ${data.length}`,
    );
  }
  return { shape, data };
}

/** Tensors one after another on their first axis; the other axes are alike. */
export function stacked(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [parts.reduce((sum, { shape }) => sum + shape[0], 0), ...parts[0].shape.slice(1)], data };
}

/** Copies of tensors that can go to a worker, with the buffers to name in the transfer. */
export function transferable(tensors: TensorMap): { tensors: Map<string, Tensor>; buffers: ArrayBuffer[] } {
  const copies = new Map<string, Tensor>();
  const buffers: ArrayBuffer[] = [];
  for (const [name, { shape, data }] of tensors) {
    const copy = data.slice();
    copies.set(name, { shape: [...shape], data: copy });
    buffers.push(copy.buffer);
  }
  return { tensors: copies, buffers };
}
