// A maximum or mean over windows: one invocation for four channels of one output pixel. Sums are taken in 32 bits.
@group(0) @binding(1) var<storage, read> source: array<Stored>;
@group(0) @binding(2) var<storage, read_write> output: array<Stored>;
@group(0) @binding(3) var<storage, read> bias: array<vec4<f32>>;

fn element(index: u32) {
  if (index >= batch.photos * OUTPUT_HEIGHT * OUTPUT_WIDTH * GROUPS) { return; }
  let group = index % GROUPS;
  let pixel = index / GROUPS;
  let x = pixel % OUTPUT_WIDTH;
  let y = pixel / OUTPUT_WIDTH % OUTPUT_HEIGHT;
  let photo = pixel / (OUTPUT_WIDTH * OUTPUT_HEIGHT);

  // In pixels of the padded source; what lies in the padding is left out.
  let top = y * STRIDE_Y;
  let left = x * STRIDE_X;
  let first_y = max(top, PADDING_Y);
  let first_x = max(left, PADDING_X);
  let end_y = min(top + KERNEL_HEIGHT, PADDING_Y + INPUT_HEIGHT);
  let end_x = min(left + KERNEL_WIDTH, PADDING_X + INPUT_WIDTH);
  var highest = vec4<f32>(-3.4e38);
  var sum = vec4<f32>(0.0);
  for (var window_y = first_y; window_y < end_y; window_y++) {
    let row = (photo * INPUT_HEIGHT + window_y - PADDING_Y) * INPUT_WIDTH;
    for (var window_x = first_x; window_x < end_x; window_x++) {
      let value = vec4<f32>(source[(row + window_x - PADDING_X) * INPUT_STRIDE + INPUT_OFFSET + group]);
      highest = max(highest, value);
      sum += value;
    }
  }

  var result = highest;
  if (IS_AVERAGE == 1) {
    var counted = (end_y - first_y) * (end_x - first_x);
    if (COUNTS_PADDING == 1) { counted = KERNEL_HEIGHT * KERNEL_WIDTH; }
    result = sum / f32(counted);
  }
  if (HAS_BIAS == 1) { result += bias[group]; }
  note(result);
  if (HAS_RELU == 1) { result = max(result, vec4<f32>(0.0)); }
  output[pixel * OUTPUT_STRIDE + OUTPUT_OFFSET + group] = Stored(result);
}
