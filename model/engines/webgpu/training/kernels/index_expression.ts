/** An axis that is walked along, and the elements from one place on it to the next: 0 where a value is stretched. */
export interface Axis {
  readonly extent: number;
  readonly stride: number;
}

/** The strides of a dense array, the last axis varying fastest. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
}

/**
 * WGSL for where an element lies in one array, by its number in another one that walks the same axes densely.
 * @param index an expression of type `u32`
 * @param axes of the array that `index` counts in, the slowest first, with their strides in the other array.
 */
export function indexExpression(index: string, axes: readonly Axis[], offset = 0): string {
  const merged = mergedAxes(axes);
  const whole = merged.reduce((product, { extent }) => product * extent, 1);
  let inner = whole;
  const terms = merged.flatMap(({ extent, stride }, axis) => {
    inner /= extent;
    if (stride === 0) return [];
    const divided = inner === 1 ? index : `${index} / ${inner}u`;
    const place = axis === 0 ? divided : `${divided} % ${extent}u`;
    return [stride === 1 ? place : axis === 0 && inner === 1 ? `${place} * ${stride}u` : `(${place}) * ${stride}u`];
  });
  if (offset > 0) terms.push(`${offset}u`);
  if (terms.length === 0) return "0u";
  return terms.length === 1 ? terms[0] : terms.join(" + ");
}

/** Axes that are walked like a single one become one; those of one place are left out. */
function mergedAxes(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    if (axis.extent === 1) continue;
    const last = merged.at(-1);
    if (last?.stride === axis.stride * axis.extent) {
      merged[merged.length - 1] = { extent: last.extent * axis.extent, stride: axis.stride };
    } else {
      merged.push(axis);
    }
  }
  return merged;
}
