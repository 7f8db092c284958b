import type { ConvolutionRow, Window } from "./layers.ts";

/** A square window: `kernel` pixels high and wide, `stride` pixels on at a time, `padding` on every side. */
export function square(kernel: number, stride = 1, padding = 0): Window {
  return { kernel: [kernel, kernel], stride: [stride, stride], padding: [padding, padding] };
}

/** What a convolution reads, what it is called, and what is done to its sums after the batch norm. */
export type Conv2dOptions =
  & Pick<ConvolutionRow, "name" | "norm" | "input" | "residual">
  & Partial<Pick<ConvolutionRow, "output" | "relu">>;

/**
 * A convolution with its batch norm and, unless told otherwise, a ReLU.
 * @param options `output` is the convolution's name unless given.
 */
export function conv2d(
  inputChannels: number,
  outputChannels: number,
  window: Window,
  { output, relu = true, ...options }: Conv2dOptions,
): ConvolutionRow {
  return {
    kind: "convolution",
    ...options,
    ...window,
    output: output ?? options.name,
    inputChannels,
    outputChannels,
    relu,
  };
}
