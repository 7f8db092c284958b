import { z } from "zod";
import { backboneKind } from "./backbone_kind.ts";
import { conv2d, square } from "../conv2d.ts";
import type { Network, Row } from "../layers.ts";
import { scaledChannels } from "./scaled_channels.ts";

/** What differs between published ResNet50 weights. */
export interface ResNet50Options {
  /** Multiplies every channel count; a multiple of 1/16. */
  readonly width?: number;
  /**
   * The convolution that halves the size in a downsampling block: the 3x3 in torchvision's weights (v1.5), the first
   * 1x1 in the original paper's and Keras's (v1).
   */
  readonly strideIn?: "3x3" | "1x1";
  readonly epsilon?: number;
  /** Height and width of the photos, in pixels. */
  readonly inputSize?: number;
}

/** The four stages of bottleneck blocks; the first block of a stage strides, and the output is four times as deep. */
const STAGES = [
  { name: "layer1", blocks: 3, channels: 64, stride: 1 },
  { name: "layer2", blocks: 4, channels: 128, stride: 2 },
  { name: "layer3", blocks: 6, channels: 256, stride: 2 },
  { name: "layer4", blocks: 3, channels: 512, stride: 2 },
] as const;
const EXPANSION = 4;

/**
 * ResNet50 up to its pooled features, under torchvision's names.
 * Values: `input`, `stem`, `layer1` to `layer4`, `features`; inside them each value bears its layer's name.
 * Source: He et al., "Deep Residual Learning for Image Recognition", arXiv:1512.03385.
 * @throws RangeError when a width does not give whole channel counts.
 */
export function resnet50(options: ResNet50Options = {}): Network {
  const { width = 1, strideIn = "3x3", epsilon = 1e-5, inputSize = 224 } = options;
  const stem = scaledChannels(64, width);
  const rows: Row[] = [
    conv2d(3, stem, square(7, 2, 3), { name: "conv1", norm: "bn1", input: "input" }),
    { kind: "max_pool", input: "conv1", output: "stem", ...square(3, 2, 1) },
  ];
  let input = "stem";
  let inputChannels = stem;
  for (const stage of STAGES) {
    const channels = scaledChannels(stage.channels, width);
    for (let block = 0; block < stage.blocks; block++) {
      const output = block === stage.blocks - 1 ? stage.name : `${stage.name}.${block}`;
      const stride = block === 0 ? stage.stride : 1;
      rows.push(
        ...bottleneck({ name: `${stage.name}.${block}`, input, output, inputChannels, channels, stride, strideIn }),
      );
      input = output;
      inputChannels = channels * EXPANSION;
    }
  }
  rows.push({ kind: "global_average", input, output: "features" });
  return {
    architecture: "resnet50",
    input: "input",
    inputShape: { channels: 3, height: inputSize, width: inputSize },
    rows,
    output: "features",
    epsilon,
  };
}

/** ResNet50 as one of the backbones. */
export const RESNET50 = backboneKind({
  architecture: "resnet50",
  /** Its stride in all, so that its last map's one position sees no more padding than photo. */
  leastInputSize: 32,
  fields: { strideIn: z.enum(["3x3", "1x1"]) },
  variants: { "torchvision": { strideIn: "3x3" }, "keras-v1": { strideIn: "1x1" } },
  besides: ["fc."],
  network: resnet50,
});

interface Bottleneck {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly inputChannels: number;
  readonly channels: number;
  readonly stride: number;
  readonly strideIn: "3x3" | "1x1";
}

/** 1x1, 3x3, 1x1, plus the input: projected by a fourth convolution where size or depth change. */
function bottleneck({ name, input, output, inputChannels, channels, stride, strideIn }: Bottleneck): Row[] {
  const outputChannels = channels * EXPANSION;
  const [stride1, stride2] = strideIn === "1x1" ? [stride, 1] : [1, stride];
  const layer = (k: 1 | 2 | 3) => ({ name: `${name}.conv${k}`, norm: `${name}.bn${k}` });
  const projected = stride !== 1 || inputChannels !== outputChannels;
  const shortcut = projected ? `${name}.downsample` : input;
  const projection = conv2d(inputChannels, outputChannels, square(1, stride), {
    name: `${name}.downsample.0`,
    norm: `${name}.downsample.1`,
    input,
    output: shortcut,
    relu: false,
  });
  return [
    conv2d(inputChannels, channels, square(1, stride1), { ...layer(1), input }),
    conv2d(channels, channels, square(3, stride2, 1), { ...layer(2), input: `${name}.conv1` }),
    ...projected ? [projection] : [],
    conv2d(channels, outputChannels, square(1), { ...layer(3), input: `${name}.conv2`, output, residual: shortcut }),
  ];
}
