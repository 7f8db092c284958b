import { tensorShapes, trainableNames } from "../networks/network_tensors.ts";
import { type Tensor, tensor, type TensorMap } from "../tensor.ts";
import { HEAD_NORM, linearLayers } from "../networks/fused/head.ts";
import type { LearningRates, TrainerSpec } from "./trainer.ts";
import type { Shape } from "../autograd/value.ts";

/** One tensor of a training state. */
export interface StateTensor {
  readonly name: string;
  /** PyTorch's shape. */
  readonly shape: Shape;
  /** The learning rate that trains it; without one it has no momentum, and only the head's statistics change. */
  readonly rate?: keyof LearningRates;
}

/** What the name of a momentum buffer starts with. */
export const MOMENTUM = "momentum.";

/** The tensors of a training state without the momentum: the head's first, then those of each tuned part. */
export function stateTensors({ head, tuned }: TrainerSpec): StateTensor[] {
  const norm = ["weight", "bias", "running_mean", "running_var"].map((tensor): StateTensor => ({
    name: `${HEAD_NORM}.${tensor}`,
    shape: [head.features],
    ...tensor.startsWith("running") ? {} : { rate: "head" },
  }));
  const linear = linearLayers(head).flatMap(({ name, inputs, outputs }): StateTensor[] => [
    { name: `${name}.weight`, shape: [outputs, inputs], rate: "head" },
    { name: `${name}.bias`, shape: [outputs], rate: "head" },
  ]);
  const parts = tuned.flatMap(({ prefix, network }) => {
    const trained = new Set(trainableNames(network));
    return [...tensorShapes(network)].map(([name, shape]): StateTensor => ({
      name: `${prefix}.${name}`,
      shape,
      ...trained.has(name) ? { rate: "tuned" } : {},
    }));
  });
  return [...norm, ...linear, ...parts];
}

/**
 * Checks a state and completes it: momentum that is missing is zero.
 * @returns the tensors, in a fixed order.
 * @throws RangeError that lists every tensor that is missing, left over, or of another shape.
 */
export function completeState(spec: TrainerSpec, state: TensorMap): Map<string, Tensor> {
  const known = stateTensors(spec);
  const expected = new Map(known.map(({ name, shape }) => [name, { shape, needed: true }]));
  for (const { name, shape, rate } of known) {
    if (rate !== undefined) expected.set(`${MOMENTUM}${name}`, { shape, needed: false });
  }
  const problems = [...state.keys()].filter((name) => !expected.has(name)).map((name) => `${name} is not known`);
  const complete = new Map<string, Tensor>();
  for (const [name, { shape, needed }] of expected) {
    const given = state.get(name);
    if (given === undefined && needed) problems.push(`${name} is missing`);
    if (given !== undefined && given.shape.join() !== shape.join()) {
      problems.push(`${name} should be [${shape}] but is [${given.shape}]`);
    } else {
      complete.set(name, given ?? zeros(shape));
    }
  }
  if (problems.length > 0) throw new RangeError(`Cannot train from this state: ${problems.join("; ")}`);
  return complete;
}

function zeros(shape: Shape): Tensor {
  return { shape, data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)) };
}

/** The shape under which a training graph holds a state tensor: kernels are matrices, the rest is as in PyTorch. */
export function graphShape(shape: Shape): Shape {
  if (shape.length !== 4) return shape;
  const [outputs, inputs, height, width] = shape;
  return [outputs, height * width * inputs];
}

/** A state tensor as a training graph holds it: a kernel `[out, in, height, width]` as `[out, height * width * in]`. */
export function toGraph({ shape, data }: Tensor): Tensor {
  if (shape.length !== 4) return { shape, data };
  const rearranged = new Float32Array(data.length);
  eachWeight(shape, (inPyTorch, inGraph) => rearranged[inGraph] = data[inPyTorch]);
  return { shape: graphShape(shape), data: rearranged };
}

/** The inverse of `toGraph`. */
export function fromGraph(data: Float32Array, shape: Shape): Tensor {
  if (shape.length !== 4) return tensor(shape, data);
  const rearranged = new Float32Array(data.length);
  eachWeight(shape, (inPyTorch, inGraph) => rearranged[inPyTorch] = data[inGraph]);
  return tensor(shape, rearranged);
}

function eachWeight([outputs, inputs, height, width]: Shape, visit: (inPyTorch: number, inGraph: number) => void) {
  const taps = height * width;
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        visit((output * inputs + input) * taps + tap, (output * taps + tap) * inputs + input);
      }
    }
  }
}
