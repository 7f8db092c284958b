import type { CompiledNetwork } from "../../../model/engines/engine.ts";
import type { Network } from "../../../model/networks/layers.ts";
import type { Tensor, TensorMap } from "../../../model/tensor.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import { fittingGolden, goldenPhotos } from "./golden_batches.ts";
import { timed } from "../timing/measure.ts";
import { productNetwork, productPhoto, productWeights } from "./product_network.ts";

/** A backbone that was read from a file, for peers that read it themselves. */
export interface BackboneOnDisk extends Backbone {
  readonly path: string;
}

/** A network that waits for a batch and then runs it as often as asked. */
export interface OpenNetwork {
  /** Puts a batch where the contestant takes its batches from: memory of the process that calls it. */
  prepare(input: Tensor): Promise<void>;
  /** Runs the batch once and gives the network's output. */
  output(): Promise<Float32Array>;
  /** Runs the batch once: milliseconds from a batch in the caller's memory to the output there. */
  run(): Promise<number>;
  close(): Promise<void>;
}

/** One way to run the backbones on this machine. */
export interface Contestant {
  readonly name: string;
  /** Version and device, for people. */
  readonly device: string;
  readonly on: "CPU" | "CPU, 8 bits" | "GPU";
  /** The relative error that its arithmetic may have. */
  readonly tolerance: number;
  open(backbone: BackboneOnDisk): Promise<OpenNetwork>;
  /** A chain of products of two square matrices of `side` rows, `products` of them, ready to be timed. */
  openProducts(side: number, products: number): Promise<Pick<OpenNetwork, "run" | "close">>;
  close(): Promise<void>;
}

/** Photos that a contestant sees before it compiles. */
const SEEN_PHOTOS = 8;

/** The relative error of float32 arithmetic in another order over a hundred layers, and of float16 storage. */
export const FLOAT32_TOLERANCE = 1e-3;
export const FLOAT16_TOLERANCE = 2e-2;
/**
 * That of 8-bit integers, whose largest error over the golden photos was .26 at full size: enough to see that a network is
 * computed at all. What rounding costs is measured on real photos (docs/results.md).
 */
export const INTEGER_TOLERANCE = 3e-1;

/** A contestant that runs in this process: an engine of the project, or one of tfjs's backends on the same tables. */
export function localContestant(
  described: Pick<Contestant, "name" | "device" | "on" | "tolerance" | "close">,
  compile: (network: Network, weights: TensorMap, outputs: readonly string[]) => Promise<CompiledNetwork>,
): Contestant {
  return seeingContestant(described, (network, weights, outputs) => compile(network, weights, outputs));
}

/** A contestant that has to see photos before it compiles a network. */
export function seeingContestant(
  described: Pick<Contestant, "name" | "device" | "on" | "tolerance" | "close">,
  compile: (
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
    photos: Tensor,
  ) => Promise<CompiledNetwork>,
): Contestant {
  const open = async (network: Network, weights: TensorMap, photos: Tensor) =>
    openCompiled(await compile(network, weights, [network.output], photos), network.output);
  return {
    ...described,
    async open(backbone) {
      const { input } = goldenPhotos(await fittingGolden(backbone), backbone, SEEN_PHOTOS);
      return await open(backbone.network, backbone.weights, input);
    },
    async openProducts(side, products) {
      const network = productNetwork(side, products);
      const photo = productPhoto(network);
      const opened = await open(network, productWeights(network), photo);
      await opened.prepare(photo);
      return opened;
    },
  };
}

function openCompiled(network: CompiledNetwork, outputName: string): OpenNetwork {
  let batch: Tensor = { shape: [0], data: new Float32Array() };
  return {
    prepare(input) {
      batch = input;
      return Promise.resolve();
    },
    async output() {
      const output = (await network.run(batch)).get(outputName);
      if (!output) throw new Error(`Cannot read the output: expected ${outputName}, got none`);
      return output.data;
    },
    run: () => timed(() => network.run(batch)),
    close: () => network.close(),
  };
}
