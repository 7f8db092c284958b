import { entryOf } from "../../../../../../data/base/entry_of.ts";
import { foldBatchNorm } from "../../../../../../model/engines/batch_norm.ts";
import {
  type Quantisation,
  quantisationOf,
  quantisedConvolution,
} from "../../../../../../model/engines/onnx/quantised/affine_quantisation.ts";
import { beforeMean, meansAfter } from "../../../../../../model/engines/onnx/quantised/quantised_network_to_onnx.ts";
import { convolutionOf } from "../../../../../../model/engines/onnx/graphs/network_to_onnx.ts";
import type { ActivationShape, ConvolutionRow, Network, Pair, Row } from "../../../../../../model/networks/layers.ts";
import { inputsOf, shapesOf } from "../../../../../../model/networks/network.ts";
import type { ValueRanges } from "../../../../../../model/networks/value_ranges.ts";
import type { Tensor, TensorMap } from "../../../../../../model/tensor.ts";

/** One photo's bytes of a value, in NCHW order. */
type Bytes = readonly number[];

/** A network of integers, one number after another: an oracle for small networks. */
export class IntegerRows {
  readonly #shapes;
  readonly #means;
  readonly #values = new Map<string, Bytes>();
  /** Whose bytes a value's bytes are meant as, where not its own. */
  readonly #alike = new Map<string, string>();
  /** Means that leave the network, which are no bytes. */
  readonly #floats = new Map<string, number[]>();

  constructor(
    readonly network: Network,
    readonly weights: TensorMap,
    readonly ranges: ValueRanges,
    readonly kernelBits: 7 | 8,
    outputs: readonly string[],
  ) {
    this.#shapes = shapesOf(network);
    this.#means = meansAfter(network, outputs);
  }

  /**
   * @param input one photo, `[1, channels, height, width]`.
   * @returns every value in floats.
   */
  run(input: Tensor): Map<string, number[]> {
    const { network } = this;
    this.#write(network.input, [...input.data]);
    for (const row of network.rows) if (!this.#means.has(row.output)) this.#compute(row);
    return new Map([...this.#floats, ...[...this.#values.keys()].map((name) => [name, this.#read(name)] as const)]);
  }

  /** The step between two bytes of a value; of a mean that is none, that of what it is the mean of. */
  step(value: string): number {
    const row = this.network.rows.find(({ output }) => output === value);
    return this.#quantisation(row && this.#floats.has(value) ? inputsOf(row)[0] : value).scale;
  }

  #quantisation(value: string): Quantisation {
    return quantisationOf(entryOf(this.ranges, this.#alike.get(value) ?? value, "a range"));
  }

  #write(value: string, numbers: readonly number[]): void {
    const { scale, zeroPoint } = this.#quantisation(value);
    this.#values.set(
      value,
      numbers.map((number) => Math.min(255, Math.max(0, roundHalfEven(number / scale) + zeroPoint))),
    );
  }

  #read(value: string): number[] {
    const { scale, zeroPoint } = this.#quantisation(value);
    return entryOf(this.#values, value, "bytes").map((byte) => scale * (byte - zeroPoint));
  }

  #compute(row: Row): void {
    switch (row.kind) {
      case "convolution": {
        const mean = this.#means.get(row.input);
        if (mean) {
          this.#write(beforeMean(row), this.#convolved(row, mean.input));
          this.#write(row.output, this.#meaned({ ...mean, input: beforeMean(row) }, row.outputChannels));
        } else if (row.residual !== undefined) {
          this.#write(convolutionOf(row.output), this.#convolved(row, row.input));
          const residual = this.#read(row.residual);
          this.#write(row.output, this.#read(convolutionOf(row.output)).map((value, k) => value + residual[k]));
        } else this.#write(row.output, this.#convolved(row, row.input));
        break;
      }
      case "max_pool": {
        this.#alike.set(row.output, this.#alike.get(row.input) ?? row.input);
        const shape = entryOf(this.#shapes, row.input, "a shape");
        const bytes = entryOf(this.#values, row.input, "bytes");
        this.#values.set(
          row.output,
          windows(
            shape,
            row,
            shape.channels,
            (channel, places) =>
              Math.max(...inside(places).map((place) => bytes[channel * shape.height * shape.width + place])),
          ),
        );
        break;
      }
      case "average_pool": {
        const means = this.#meaned(row, entryOf(this.#shapes, row.input, "a shape").channels);
        if (this.#isRead(row.output)) this.#write(row.output, means);
        else this.#floats.set(row.output, means);
        break;
      }
      case "concatenate":
        this.#write(row.output, row.inputs.flatMap((name) => this.#read(name)));
        break;
      case "global_average": {
        const { height, width, channels } = entryOf(this.#shapes, row.input, "a shape");
        const whole = { kernel: [height, width], stride: [1, 1], padding: [0, 0] } as const;
        const means = this.#meaned({ ...row, ...whole, kind: "average_pool", countPadding: false }, channels);
        this.#floats.set(row.output, means);
        if (this.#isRead(row.output)) this.#write(row.output, means);
        break;
      }
    }
  }

  #isRead(value: string): boolean {
    return this.network.rows.some((row) => inputsOf(row).includes(value));
  }

  #convolved(row: ConvolutionRow, input: string): number[] {
    const folded = foldBatchNorm(row, this.weights, this.network.epsilon);
    const { scale, zeroPoint } = this.#quantisation(input);
    const { kernel, scales, bias } = quantisedConvolution(folded, this.kernelBits, scale);
    const shape = entryOf(this.#shapes, input, "a shape");
    const bytes = entryOf(this.#values, input, "bytes");
    const perKernel = row.kernel[0] * row.kernel[1];
    return windows(shape, row, row.outputChannels, (channel, places) => {
      let sum = bias[channel];
      for (let from = 0; from < row.inputChannels; from++) {
        for (const [k, place] of places.entries()) {
          if (place === undefined) continue;
          const weight = kernel[(channel * row.inputChannels + from) * perKernel + k];
          sum += weight * (bytes[from * shape.height * shape.width + place] - zeroPoint);
        }
      }
      return sum * scale * scales[channel];
    });
  }

  #meaned(row: Extract<Row, { kind: "average_pool" }>, channels: number): number[] {
    const shape = entryOf(this.#shapes, row.output, "a shape");
    const numbers = this.#read(row.input);
    const before = this.#means.has(row.output) ? shape : entryOf(this.#shapes, row.input, "a shape");
    return windows(before, row, channels, (channel, places) => {
      const some = inside(places).map((place) => numbers[channel * before.height * before.width + place]);
      return some.reduce((sum, value) => sum + value, 0) / (row.countPadding ? places.length : some.length);
    });
  }
}

/** As onnxruntime and IEEE 754 round: halves to the even neighbour. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** A number for each channel and place of a window; it is given where in a channel the window's pixels lie, if inside. */
function windows(
  { height, width }: ActivationShape,
  { kernel, stride, padding }: { kernel: Pair; stride: Pair; padding: Pair },
  channels: number,
  valueOf: (channel: number, places: readonly (number | undefined)[]) => number,
): number[] {
  const stops = (extent: number, axis: 0 | 1) =>
    Array.from(
      { length: Math.floor((extent + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1 },
      (_, k) => k * stride[axis] - padding[axis],
    );
  return Array.from(
    { length: channels },
    (_, channel) =>
      stops(height, 0).flatMap((top) =>
        stops(width, 1).map((left) =>
          valueOf(
            channel,
            Array.from({ length: kernel[0] * kernel[1] }, (_, k) => {
              const [y, x] = [top + Math.floor(k / kernel[1]), left + k % kernel[1]];
              return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : undefined;
            }),
          )
        )
      ),
  ).flat();
}

function inside(places: readonly (number | undefined)[]): number[] {
  return places.filter((place) => place !== undefined);
}
