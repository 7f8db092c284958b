// Bytes `[photo, height, width, 3]` become normalised values: one invocation a pixel.
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read_write> output: array<Stored>;
// What a byte is multiplied by, red, green, blue and nothing; then what is added.
@group(0) @binding(3) var<storage, read> normalisation: array<vec4<f32>, 2>;

fn byte(index: u32) -> f32 {
  return f32((source[index / 4] >> (index % 4 * 8)) & 255);
}

fn element(pixel: u32) {
  if (pixel >= batch.photos * HEIGHT * WIDTH) { return; }
  let rgb = vec4<f32>(byte(pixel * 3), byte(pixel * 3 + 1), byte(pixel * 3 + 2), 0.0);
  let values = fma(rgb, normalisation[0], normalisation[1]);
  note(values);
  output[pixel * OUTPUT_STRIDE + OUTPUT_OFFSET] = Stored(values);
}
