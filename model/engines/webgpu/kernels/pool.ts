import { groupsOf } from "../plan/channel_layout.ts";
import type { PlacedValue } from "../plan/buffer_plan.ts";
import type { PoolStep } from "../plan/device_steps.ts";
import source from "./pool.wgsl" with { type: "text" };
import { elementShader, type Precision } from "./shader.ts";

/**
 * The kernel of a pool, with bias and ReLU after it where the step has them.
 * Bindings: 1 the source, 2 the output, 3 the bias in 32 bits (any small buffer where there is none).
 */
export function poolShader(step: PoolStep, input: PlacedValue, output: PlacedValue, precision: Precision): string {
  const constants = {
    GROUPS: groupsOf(input.runs),
    INPUT_HEIGHT: input.shape.height,
    INPUT_WIDTH: input.shape.width,
    INPUT_STRIDE: input.stride,
    INPUT_OFFSET: input.offset,
    OUTPUT_HEIGHT: output.shape.height,
    OUTPUT_WIDTH: output.shape.width,
    OUTPUT_STRIDE: output.stride,
    OUTPUT_OFFSET: output.offset,
    KERNEL_HEIGHT: step.kernel[0],
    KERNEL_WIDTH: step.kernel[1],
    STRIDE_Y: step.stride[0],
    STRIDE_X: step.stride[1],
    PADDING_Y: step.padding[0],
    PADDING_X: step.padding[1],
    IS_AVERAGE: Number(step.by === "average"),
    COUNTS_PADDING: Number(step.countPadding),
    HAS_BIAS: Number(step.biasOf !== undefined),
    HAS_RELU: Number(step.biasOf?.relu ?? false),
  };
  return elementShader(source, precision, constants);
}
