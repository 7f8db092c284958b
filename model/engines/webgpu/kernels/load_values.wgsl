// Floats `[photo, channels, height, width]` become groups of four channels: one invocation a group.
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<Stored>;

fn element(index: u32) {
  if (index >= batch.photos * PIXELS * GROUPS) { return; }
  // Neighbouring invocations take neighbouring pixels, which lie side by side in the source.
  let pixel = index % PIXELS;
  let group = index / PIXELS % GROUPS;
  let photo = index / (PIXELS * GROUPS);
  var values = vec4<f32>(0.0);
  for (var lane = 0u; lane < 4; lane++) {
    let channel = group * 4 + lane;
    if (channel < CHANNELS) { values[lane] = source[(photo * CHANNELS + channel) * PIXELS + pixel]; }
  }
  note(values);
  output[(photo * PIXELS + pixel) * OUTPUT_STRIDE + OUTPUT_OFFSET + group] = Stored(values);
}
