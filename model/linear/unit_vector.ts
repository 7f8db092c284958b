/** Divides a vector by its length, in place; a vector of zeros stays one. */
export function toUnitLength(vector: Float32Array): void {
  let squares = 0;
  for (let j = 0; j < vector.length; j++) squares += vector[j] * vector[j];
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let j = 0; j < vector.length; j++) vector[j] *= scale;
}
