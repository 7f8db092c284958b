/**
 * The numbers that bfloat16 bit patterns stand for: bfloat16 is the upper half of a float32, so this is exact.
 * (float16 needs no code: `new Float32Array(float16Array)` and its reverse convert, and the reverse rounds to even.)
 */
export function float32FromBfloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let index = 0; index < bits.length; index++) words[index] = bits[index] << 16;
  return new Float32Array(words.buffer);
}
