import type { BackboneKind, SharedDescription } from "../networks/backbones/backbone_kind.ts";
import { BACKBONES } from "../networks/backbones/backbones.ts";
import { backboneNamed, describeMetadata, networkOf, untrainedNames } from "./backbone_description.ts";
import { cutText, firstFew } from "../first_few.ts";
import type { Network } from "../networks/layers.ts";
import { tensorShapes } from "../networks/network_tensors.ts";
import { Safetensors } from "./safetensors.ts";
import type { Tensor, TensorMap } from "../tensor.ts";

/** A backbone with its weights and everything that belongs to them. */
export interface Backbone {
  /** Variant, width, mean and standard deviation, which came with the weights, and the size of the photos it sees. */
  readonly description: SharedDescription;
  readonly network: Network;
  /** Exactly the tensors that the network computes with. */
  readonly weights: TensorMap;
  /** Kernels that the file's origin could not supply: they hold zeros until fine-tuning trains them. */
  readonly untrained: readonly string[];
}

/** Weights that do not fit their network, with all that is wrong. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
  constructor(architecture: string, readonly problems: readonly string[]) {
    super(`Cannot load the weights of ${architecture}: ${firstFew(problems, "; ")}`);
  }
}

/** The batch norms' counters, which only training needs. */
const COUNTERS = ".num_batches_tracked";

/**
 * Reads a backbone from a safetensors file.
 * @param description what the file is, where its own metadata does not say or is to be overruled.
 * @param kinds the backbones that it may be.
 * @throws SafetensorsError when it is not a safetensors file, RangeError when nobody says what it is, and WeightsError
 * that counts every tensor that is missing, left over, of the wrong shape or type, or not finite.
 */
export function loadBackbone(
  bytes: Uint8Array,
  description?: SharedDescription,
  kinds: readonly BackboneKind[] = BACKBONES,
): Backbone {
  const file = new Safetensors(bytes);
  const described = description ?? describeMetadata(file.metadata, kinds);
  const kind = backboneNamed(described.architecture, kinds);
  const network = kind.networkOf(described);
  const shapes = tensorShapes(network);
  const present = [...file.entries.keys()];
  const isNeeded = (name: string) => !name.endsWith(COUNTERS) && !kind.besides.some((start) => name.startsWith(start));
  const problems = [
    ...named("missing", [...shapes.keys()].filter((name) => !file.entries.has(name))),
    ...named("not known", present.filter((name) => !shapes.has(name) && isNeeded(name))),
  ];
  const weights = new Map<string, Tensor>();
  for (const [name, shape] of shapes) {
    const entry = file.entries.get(name);
    if (entry === undefined) continue;
    if (entry.shape.join() !== shape.join()) {
      problems.push(`${name} should be [${shape}] at width ${described.width} but is [${entry.shape}]`);
    } else if (!["F32", "F16", "BF16"].includes(entry.dtype)) {
      problems.push(`${name} should hold F32, F16 or BF16 but holds ${entry.dtype}`);
    } else {
      const tensor = file.tensor(name);
      const problem = badValues(name, tensor.data);
      if (problem !== undefined) problems.push(problem);
      weights.set(name, tensor);
    }
  }
  const untrained = untrainedNames(file.metadata);
  problems.push(...named("called untrained but not known", untrained.filter((name) => !shapes.has(name))));
  if (problems.length > 0) throw new WeightsError(described.architecture, problems);
  return { description: described, network, weights, untrained };
}

/** A backbone for photos of another size than its weights were trained on; the weights stay the same. */
export function resizedBackbone(backbone: Backbone, inputSize: number): Backbone {
  const description = { ...backbone.description, inputSize };
  return { ...backbone, description, network: networkOf(description) };
}

function named(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${names.length} ${what} (${firstFew(names.map(cutText))})`];
}

/** Infinities and NaN anywhere, and negative variances, whose square roots would be NaN. */
function badValues(name: string, data: Float32Array): string | undefined {
  const lowest = name.endsWith(".running_var") ? 0 : -Infinity;
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    if (!Number.isFinite(value)) return `${name} holds a value that is not finite`;
    if (value < lowest) return `${name} holds a negative variance`;
  }
  return undefined;
}
