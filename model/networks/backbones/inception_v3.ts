import { z } from "zod";
import { backboneKind } from "./backbone_kind.ts";
import { type Branch, BRANCH_KERNELS, type BranchPool, inceptionV3Blocks } from "./inception_v3_blocks.ts";
import { conv2d, square } from "../conv2d.ts";
import type { AveragePoolRow, ConvolutionRow, MaxPoolRow, Network, Row, Window } from "../layers.ts";
import { scaledChannels } from "./scaled_channels.ts";

/** What differs between published Inception_v3 weights. */
export interface InceptionV3Options {
  /** Multiplies every channel count; a multiple of 1/16. */
  readonly width?: number;
  /** Whether average pools count the padding as zeros: torchvision's do, TensorFlow's do not. */
  readonly countPadding?: boolean;
  /** The pool branch of Mixed_7c: an average in torchvision's weights, a maximum in TensorFlow's of 2015. */
  readonly lastPool?: "average" | "max";
  readonly epsilon?: number;
  /** Height and width of the photos, in pixels. */
  readonly inputSize?: number;
}

/** The convolutions and pools before the first block; the last one's value is `stem`. */
const STEM = [
  { name: "Conv2d_1a_3x3", channels: 32, window: square(3, 2) },
  { name: "Conv2d_2a_3x3", channels: 32, window: square(3) },
  { name: "Conv2d_2b_3x3", channels: 64, window: square(3, 1, 1) },
  { name: "maxpool1", window: square(3, 2) },
  { name: "Conv2d_3b_1x1", channels: 80, window: square(1) },
  { name: "Conv2d_4a_3x3", channels: 192, window: square(3) },
  { name: "stem", window: square(3, 2) },
] as const;

/**
 * Inception_v3 up to its pooled features, without the auxiliary classifier, under torchvision's names.
 * Values: `input`, `stem`, `Mixed_5b` to `Mixed_7c`, `features`; inside them each value bears its layer's name.
 * Source: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", arXiv:1512.00567.
 * @throws RangeError when a width does not give whole channel counts.
 */
export function inceptionV3(options: InceptionV3Options = {}): Network {
  const { width = 1, countPadding = true, lastPool = "average", epsilon = 1e-3, inputSize = 299 } = options;
  const rows: Row[] = [];
  let input = "input";
  let inputChannels = 3;
  for (const { name, window, ...step } of STEM) {
    if ("channels" in step) {
      const outputChannels = scaledChannels(step.channels, width);
      rows.push(basicConv2d(inputChannels, outputChannels, window, { name, input }));
      inputChannels = outputChannels;
    } else {
      rows.push({ kind: "max_pool", input, output: name, ...window });
    }
    input = name;
  }
  for (const { name, branches } of inceptionV3Blocks(lastPool === "max" ? "max_pool" : "average_pool")) {
    const ends = branches.map((branch) =>
      branchRows(branch, { block: name, input, inputChannels, width, countPadding })
    );
    rows.push(...ends.flatMap((end) => end.rows));
    rows.push({ kind: "concatenate", inputs: ends.flatMap((end) => end.outputs), output: name });
    input = name;
    inputChannels = ends.reduce((sum, end) => sum + end.channels, 0);
  }
  rows.push({ kind: "global_average", input, output: "features" });
  return {
    architecture: "inception_v3",
    input: "input",
    inputShape: { channels: 3, height: inputSize, width: inputSize },
    rows,
    output: "features",
    epsilon,
  };
}

/** Inception_v3 as one of the backbones. */
export const INCEPTION_V3 = backboneKind({
  architecture: "inception_v3",
  /** The first size at which it, which pads little, has a last map at all. */
  leastInputSize: 75,
  fields: { countPadding: z.boolean(), lastPool: z.enum(["average", "max"]) },
  variants: {
    "torchvision": { countPadding: true, lastPool: "average" },
    "tf-2015": { countPadding: false, lastPool: "max" },
  },
  besides: ["fc.", "AuxLogits."],
  network: inceptionV3,
});

interface BranchContext {
  readonly block: string;
  readonly input: string;
  readonly inputChannels: number;
  readonly width: number;
  readonly countPadding: boolean;
}

/** A branch's rows, the values it ends in, and how many channels these have together. */
function branchRows(branch: Branch, context: BranchContext): { rows: Row[]; outputs: string[]; channels: number } {
  const rows: Row[] = [];
  let outputs = [context.input];
  let channels = context.inputChannels;
  for (const step of branch) {
    const input = outputs[0];
    if (typeof step === "string") {
      outputs = [`${context.block}.pool`];
      rows.push(pool(step, input, outputs[0], context.countPadding));
      continue;
    }
    const forks = "fork" in step ? step.fork : [step];
    const convolutions = forks.map(([name, unscaled, window]) =>
      basicConv2d(channels, scaledChannels(unscaled, context.width), BRANCH_KERNELS[window], {
        name: `${context.block}.${name}`,
        input,
      })
    );
    rows.push(...convolutions);
    outputs = convolutions.map((row) => row.output);
    channels = convolutions.reduce((sum, row) => sum + row.outputChannels, 0);
  }
  return { rows, outputs, channels };
}

/** torchvision's `BasicConv2d`: every convolution of this network has a batch norm and a ReLU. */
function basicConv2d(
  inputChannels: number,
  outputChannels: number,
  window: Window,
  { name, input }: { readonly name: string; readonly input: string },
): ConvolutionRow {
  const names = { name: `${name}.conv`, norm: `${name}.bn`, input, output: name };
  return conv2d(inputChannels, outputChannels, window, names);
}

function pool(
  kind: BranchPool,
  input: string,
  output: string,
  countPadding: boolean,
): MaxPoolRow | AveragePoolRow {
  const values = { input, output };
  const samePadding = BRANCH_KERNELS["3x3"];
  switch (kind) {
    case "average_pool":
      return { kind, ...values, ...samePadding, countPadding };
    case "max_pool":
      return { kind, ...values, ...samePadding };
    case "max_pool/2":
      return { kind: "max_pool", ...values, ...BRANCH_KERNELS["3x3/2"] };
  }
}
