import { entryOf } from "../../../../data/base/entry_of.ts";
import { fromFileUrl } from "@std/path";
import { z } from "zod";
import { type BackboneDescription, describeMetadata } from "../../../../model/weights/backbone_description.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import { Safetensors } from "../../../../model/weights/safetensors.ts";
import { sizeOf, type Tensor, type TensorMap } from "../../../../model/tensor.ts";
import { loadBackbone } from "../../../../model/weights/backbone.ts";
import { relativeError } from "../training/golden_files.ts";

const repository = new URL("../../../../", import.meta.url);
const goldens = new URL("tests/golden/forward/", repository);
const shared = new URL("../shared/", repository);
const samplesPerDepth = 256;

/** A file of what PyTorch computed with one network and variant. */
export interface GoldenFile {
  /** Such as `tiny-resnet50-stride-1x1`. */
  readonly name: string;
  readonly size: "tiny" | "mini" | "full";
  readonly golden: URL;
  /** The folder of its weights. */
  readonly weights: URL;
}

/** What PyTorch computed, and everything needed to compute it again. */
export interface GoldenForward {
  /** The weights file's name, without its ending. */
  readonly weightsName: string;
  readonly network: Network;
  readonly weights: TensorMap;
  /** Normalised, `[2, 3, size, size]`. */
  readonly input: Tensor;
  /** The pooled output, `[2, channels]`. */
  readonly features: Tensor;
  /** The outputs to compare. */
  readonly depths: readonly GoldenDepth[];
}

interface GoldenDepth {
  readonly name: string;
  readonly shape: readonly number[];
  readonly samples: Float32Array;
  /** Mean, standard deviation, minimum, maximum. */
  readonly moments: Float32Array;
}

function filesIn(folder: URL, size: GoldenFile["size"], weights: URL): GoldenFile[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.startsWith(size)).sort()
    .map((name) => ({ name: name.replace(".safetensors", ""), size, golden: new URL(name, folder), weights }));
}

/** Every network and variant on the weights that the repository holds. */
export function embeddedGoldens(): GoldenFile[] {
  return [
    ...filesIn(goldens, "tiny", new URL("tests/golden/weights/", repository)),
    ...filesIn(goldens, "mini", new URL("weights/", repository)),
  ];
}

/** The full-size ones beside the repository, and none where there are none. */
export function fullGoldens(): GoldenFile[] {
  try {
    return filesIn(new URL("golden/forward/", shared), "full", new URL("weights/", shared));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Reads a golden file with its weights, in the variant that the golden file states. */
export async function readGolden(file: GoldenFile): Promise<GoldenForward> {
  const golden = new Safetensors(await Deno.readFile(fromFileUrl(file.golden)));
  const weightsName = entryOf(golden.metadata, "weights", "metadata");
  const bytes = await Deno.readFile(fromFileUrl(new URL(`${weightsName}.safetensors`, file.weights)));
  const { network, weights } = loadBackbone(bytes, descriptionOf(golden, new Safetensors(bytes)));
  const shapes = z.record(z.string(), z.array(z.number())).parse(
    JSON.parse(entryOf(golden.metadata, "shapes", "metadata")),
  );
  return {
    weightsName,
    network,
    weights,
    input: normalisedInput(golden),
    features: golden.tensor("features"),
    depths: Object.entries(shapes).map(([name, shape]) => ({ name, shape, ...expectedAt(golden, name, shape) })),
  };
}

const numbers = z.string().transform((text) => z.tuple([z.number(), z.number(), z.number()]).parse(JSON.parse(text)));
const Variant = z.object({
  width: z.coerce.number(),
  mean: numbers,
  std: numbers,
  stride_in: z.enum(["1x1", "3x3"]).optional(),
  count_padding: z.stringbool().optional(),
  last_pool: z.enum(["avg", "max"]).optional(),
});

/** Torchvision's epsilons hold for weights that do not describe themselves. */
function descriptionOf(golden: Safetensors, weights: Safetensors): BackboneDescription {
  const { width, mean, std, stride_in, count_padding, last_pool } = Variant.parse(Object.fromEntries(golden.metadata));
  const described = weights.metadata.has("batch_norm_eps") ? describeMetadata(weights.metadata) : undefined;
  const common = { width, mean, std, inputSize: entryOf(golden.entries, "input", "a tensor").shape[3] };
  if (stride_in !== undefined) {
    return { architecture: "resnet50", ...common, strideIn: stride_in, epsilon: described?.epsilon ?? 1e-5 };
  }
  return {
    architecture: "inception_v3",
    ...common,
    countPadding: count_padding ?? true,
    lastPool: last_pool === "max" ? "max" : "average",
    epsilon: described?.epsilon ?? 1e-3,
  };
}

function normalisedInput(golden: Safetensors): Tensor {
  const { shape, dtype, data } = golden.array("input");
  if (dtype !== "U8") throw new Error(`Cannot read a golden input: expected U8, got ${dtype}`);
  const { mean, std } = Variant.parse(Object.fromEntries(golden.metadata));
  const perChannel = shape[2] * shape[3];
  const normalised = Float32Array.from(data, (value, index) => {
    const channel = Math.floor(index / perChannel) % 3;
    return (value / 255 - mean[channel]) / std[channel];
  });
  return { shape, data: normalised };
}

/** The pooled features are stored whole; of every other depth there are samples and moments. */
function expectedAt(golden: Safetensors, name: string, shape: readonly number[]) {
  if (golden.entries.has(`${name}.samples`)) {
    return { samples: golden.tensor(`${name}.samples`).data, moments: golden.tensor(`${name}.moments`).data };
  }
  const { data } = golden.tensor(name);
  return { samples: samplesOf({ shape, data }), moments: momentsOf(data) };
}

/** How far some outputs are from what PyTorch computed, where they are farthest: a relative error, or no number. */
export function goldenError({ depths }: GoldenForward, outputs: TensorMap): number {
  const errors = Array.from(outputs, ([name, output]) => {
    const depth = depths.find((depth) => depth.name === name);
    if (depth?.shape.join() !== output.shape.join()) throw new Error(`expected ${name} of ${depth?.shape}`);
    return relativeError(samplesOf(output), depth.samples);
  });
  return Math.max(...errors);
}

/** 256 values, evenly spread over a tensor. */
export function samplesOf({ shape, data }: Tensor): Float32Array {
  const last = sizeOf(shape) - 1;
  return Float32Array.from({ length: samplesPerDepth }, (_, k) => data[Math.floor(k * last / (samplesPerDepth - 1))]);
}

/** Mean, standard deviation (unbiased), minimum and maximum. */
export function momentsOf(data: Float32Array): Float32Array {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (data.length - 1);
  const least = data.reduce((least, value) => Math.min(least, value), Infinity);
  const most = data.reduce((most, value) => Math.max(most, value), -Infinity);
  return Float32Array.of(mean, Math.sqrt(variance), least, most);
}
