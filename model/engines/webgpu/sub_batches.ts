import { sizeOf, type Tensor } from "../../tensor.ts";

/** A batch in parts of up to `most` photos, without copying. */
export function splitBatch({ shape: [photos, ...extents], data }: Tensor, most: number): Tensor[] {
  const values = sizeOf(extents);
  const parts: Tensor[] = [];
  for (let start = 0; start < photos; start += most) {
    const end = Math.min(photos, start + most);
    parts.push({ shape: [end - start, ...extents], data: data.subarray(start * values, end * values) });
  }
  return parts;
}

/** The outputs of parts of a batch as those of the whole, in the order of the parts. */
export function joinBatches(parts: readonly ReadonlyMap<string, Tensor>[]): Map<string, Tensor> {
  return new Map([...parts[0].keys()].map((name) => {
    const tensors = parts.flatMap((part) => part.get(name) ?? []);
    const photos = tensors.reduce((sum, { shape }) => sum + shape[0], 0);
    const shape = [photos, ...tensors[0].shape.slice(1)];
    const data = new Float32Array(sizeOf(shape));
    let offset = 0;
    for (const { data: part } of tensors) {
      data.set(part, offset);
      offset += part.length;
    }
    return [name, { shape, data }];
  }));
}
