import { inOrder, type Shape, type Value } from "../../../autograd/value.ts";
import type { Tensor, TensorMap } from "../../../tensor.ts";
import type { ProgramRunner, ProgramStep } from "../../../training/program_runner.ts";
import { createProgramTrainer } from "../../../training/program_trainer.ts";
import type { Trainer, TrainerSpec } from "../../../training/trainer.ts";
import { LOGITS, LOSS, type TrainingProgram } from "../../../training/training_program.ts";
import type { Device } from "../device/device.ts";
import { Readback } from "../device/readback.ts";
import { DeviceGraph } from "./device_graph.ts";
import { DeviceTensors } from "./device_tensors.ts";
import type { SteppedGraph } from "./plan/graph_plan.ts";

/**
 * A trainer on a WebGPU device by this project's own kernels, in 32 bits whatever networks are stored in.
 * @param state see `Trainer.state`; missing momentum is zero.
 * @throws RangeError when the state does not fit, Error that names the operation that the device refuses.
 */
export function createWebgpuTrainer(device: Device, spec: TrainerSpec, state: TensorMap): Promise<Trainer> {
  return createProgramTrainer(spec, state, (program, held) => WebgpuProgramRunner.create(device, program, held));
}

/**
 * A training program on a WebGPU device: compiled and bound once, one submit a step, and nothing is made anew from one
 * step to the next. Results follow their steps through buffers of their own, so that no step waits for them.
 */
class WebgpuProgramRunner implements ProgramRunner {
  readonly #device: Device;
  readonly #tensors: DeviceTensors;
  readonly #state: ReadonlyMap<string, Shape>;
  readonly #step: DeviceGraph;
  readonly #evaluation: SteppedGraph;
  /** Compiled when it is asked for. */
  #evaluate: DeviceGraph | undefined;
  readonly #readback: Readback;

  private constructor(device: Device, { step, evaluate }: TrainingProgram, state: TensorMap) {
    this.#device = device;
    this.#state = new Map([...state].map(([name, { shape }]) => [name, shape]));
    this.#evaluation = { results: new Map([[LOGITS, evaluate]]), nextState: new Map() };
    const inputs = inputShapes([...step.results.values(), ...step.nextState.values(), evaluate]);
    this.#tensors = new DeviceTensors(device, new Map([...inputs, ...this.#state]));
    device.errors.watch("the state", () => this.#tensors.write(state));
    this.#readback = new Readback(device);
    this.#step = this.#graph("a training step", step);
  }

  static async create(device: Device, program: TrainingProgram, state: TensorMap): Promise<WebgpuProgramRunner> {
    const runner = new WebgpuProgramRunner(device, program, state);
    try {
      await device.errors.settle(Promise.resolve());
      return runner;
    } catch (error) {
      await runner.close();
      throw error;
    }
  }

  async steps(inputs: readonly TensorMap[]): Promise<ProgramStep[]> {
    const results = inputs.map((tensors) => this.#step.run(tensors, [LOSS, LOGITS]));
    return await Promise.all(results.map(async (result) => {
      const [[loss], logits] = await result;
      return { loss, logits };
    }));
  }

  async evaluate(inputs: TensorMap): Promise<Tensor> {
    this.#evaluate ??= this.#graph("an evaluation", this.#evaluation);
    const [data] = await this.#evaluate.run(inputs, [LOGITS]);
    return { shape: [data.length / 2, 2], data };
  }

  async state(): Promise<TensorMap> {
    return await this.#tensors.read(this.#state);
  }

  close(): Promise<void> {
    this.#step.destroy();
    this.#evaluate?.destroy();
    this.#tensors.destroy();
    this.#readback.destroy();
    return Promise.resolve();
  }

  #graph(name: string, graph: SteppedGraph): DeviceGraph {
    return new DeviceGraph(this.#device, name, graph, this.#tensors, this.#readback);
  }
}

/** The shapes of all inputs that some values are computed from, by name. */
function inputShapes(values: readonly Value[]): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const { operation, shape } of inOrder(values)) if (operation.kind === "input") shapes.set(operation.name, shape);
  return shapes;
}
