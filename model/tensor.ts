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
