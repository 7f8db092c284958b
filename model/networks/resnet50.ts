import type { Network, Pair, Row } from "./layers.ts";
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
    {
      kind: "convolution",
      name: "conv1",
      norm: "bn1",
      input: "input",
      output: "conv1",
      inputChannels: 3,
      outputChannels: stem,
      kernel: [7, 7],
      stride: [2, 2],
      padding: [3, 3],
      relu: true,
    },
    { kind: "max_pool", input: "conv1", output: "stem", kernel: [3, 3], stride: [2, 2], padding: [1, 1] },
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
  const strided: Pair = [stride, stride];
  const projected = stride !== 1 || inputChannels !== outputChannels;
  const conv1: Row = {
    kind: "convolution",
    name: `${name}.conv1`,
    norm: `${name}.bn1`,
    input,
    output: `${name}.conv1`,
    inputChannels,
    outputChannels: channels,
    kernel: [1, 1],
    stride: strideIn === "1x1" ? strided : [1, 1],
    padding: [0, 0],
    relu: true,
  };
  const conv2: Row = {
    kind: "convolution",
    name: `${name}.conv2`,
    norm: `${name}.bn2`,
    input: `${name}.conv1`,
    output: `${name}.conv2`,
    inputChannels: channels,
    outputChannels: channels,
    kernel: [3, 3],
    stride: strideIn === "3x3" ? strided : [1, 1],
    padding: [1, 1],
    relu: true,
  };
  const downsample: Row = {
    kind: "convolution",
    name: `${name}.downsample.0`,
    norm: `${name}.downsample.1`,
    input,
    output: `${name}.downsample`,
    inputChannels,
    outputChannels,
    kernel: [1, 1],
    stride: strided,
    padding: [0, 0],
    relu: false,
  };
  const conv3: Row = {
    kind: "convolution",
    name: `${name}.conv3`,
    norm: `${name}.bn3`,
    input: `${name}.conv2`,
    output,
    inputChannels: channels,
    outputChannels,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    residual: projected ? `${name}.downsample` : input,
    relu: true,
  };
  return projected ? [conv1, conv2, downsample, conv3] : [conv1, conv2, conv3];
}
