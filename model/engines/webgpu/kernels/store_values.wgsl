// Groups of four channels become floats `[photo, channels, height, width]`: one invocation a float.
@group(0) @binding(1) var<storage, read> source: array<Stored>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
// Where each channel lies in a pixel's groups.
@group(0) @binding(3) var<storage, read> places: array<u32>;

fn element(index: u32) {
  if (index >= batch.photos * CHANNELS * PIXELS) { return; }
  let pixel = index % PIXELS;
  let place = places[index / PIXELS % CHANNELS];
  let photo = index / (PIXELS * CHANNELS);
  let group = vec4<f32>(source[(photo * PIXELS + pixel) * INPUT_STRIDE + INPUT_OFFSET + place / 4]);
  output[index] = group[place % 4];
}
