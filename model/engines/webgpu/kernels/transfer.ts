import type { PlacedValue } from "../plan/buffer_plan.ts";
import { groupsOf } from "../plan/channel_layout.ts";
import loadPixels from "./load_pixels.wgsl" with { type: "text" };
import loadValues from "./load_values.wgsl" with { type: "text" };
import { elementShader, type Precision } from "./shader.ts";
import storeValues from "./store_values.wgsl" with { type: "text" };

/**
 * Normalises bytes `[photo, height, width, 3]`.
 * Bindings: 1 the bytes, 2 the output, 3 what a byte is multiplied by and what is added, four floats each.
 */
export function loadPixelsShader(output: PlacedValue, precision: Precision): string {
  const { height: HEIGHT, width: WIDTH } = output.shape;
  const constants = { HEIGHT, WIDTH, OUTPUT_STRIDE: output.stride, OUTPUT_OFFSET: output.offset };
  return elementShader(loadPixels, precision, constants);
}

/** Takes floats `[photo, channels, height, width]` in. Bindings: 1 the floats, 2 the output. */
export function loadValuesShader(output: PlacedValue, precision: Precision): string {
  return elementShader(loadValues, precision, {
    PIXELS: output.shape.height * output.shape.width,
    CHANNELS: output.shape.channels,
    GROUPS: groupsOf(output.runs),
    OUTPUT_STRIDE: output.stride,
    OUTPUT_OFFSET: output.offset,
  });
}

/**
 * Gives a value out as floats `[photo, channels, height, width]`.
 * Bindings: 1 the value, 2 the floats, 3 the place of each channel (see `channelPlaces`).
 */
export function storeValuesShader(input: PlacedValue, precision: Precision): string {
  return elementShader(storeValues, precision, {
    PIXELS: input.shape.height * input.shape.width,
    CHANNELS: input.shape.channels,
    INPUT_STRIDE: input.stride,
    INPUT_OFFSET: input.offset,
  });
}
