import { entryOf } from "../../../../data/base/entry_of.ts";
import type { TensorMap } from "../../../tensor.ts";
import type { Device } from "../device/device.ts";
import type { Readback, ReadRegion } from "../device/readback.ts";
import type { Grid } from "../kernels/shader.ts";
import { floatBytes } from "../device/float_bytes.ts";
import type { DeviceTensors } from "./device_tensors.ts";
import { fusedShader } from "./kernels/fused_shader.ts";
import type { FusedKernel } from "./plan/fused_kernels.ts";
import { type GraphPlan, type Held, placeOf, planGraph, type SteppedGraph } from "./plan/graph_plan.ts";

/** One kernel, ready to run. */
interface GraphDispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: Grid;
}

/** A graph of a training program on a device: every kernel is compiled and bound, every buffer is there. */
export class DeviceGraph {
  readonly #plan: GraphPlan;
  readonly #temporaries: readonly GPUBuffer[];
  readonly #constants = new Map<Float32Array | Int32Array, GPUBuffer>();
  readonly #dispatches: readonly GraphDispatch[];

  /**
   * The device says whether all of it went well when its errors are settled.
   * @param name what the graph computes, for messages.
   * @param tensors the graph's inputs by name; what the graph makes of them is written over them.
   * @param readback brings results back.
   */
  constructor(
    readonly device: Device,
    readonly name: string,
    readonly graph: SteppedGraph,
    readonly tensors: DeviceTensors,
    readonly readback: Readback,
  ) {
    this.#plan = planGraph(graph);
    this.#temporaries = this.#plan.temporaries.map((size, k) =>
      device.storage(floatBytes([size]), `${name}'s values ${k}`)
    );
    this.#dispatches = this.#plan.kernels.map((kernel) => this.#compile(kernel));
  }

  /**
   * Queues a run at once, in one submit behind all that was queued before.
   * @param inputs tensors that take the place of what they were.
   * @param results what is asked for.
   * @returns the results in their order, whenever they come.
   */
  run(inputs: TensorMap, results: readonly string[]): Promise<Float32Array[]> {
    const { gpu, errors } = this.device;
    const reading = errors.watch(this.name, () => {
      this.tensors.write(inputs);
      const encoder = gpu.createCommandEncoder({ label: this.name });
      this.#encode(encoder);
      const reading = this.readback.copy(encoder, results.map((name) => this.#result(name)));
      gpu.queue.submit([encoder.finish()]);
      return reading;
    });
    return this.readback.floats(reading);
  }

  /** Frees all but the tensors. */
  destroy(): void {
    for (const buffer of [...this.#temporaries, ...this.#constants.values()]) buffer.destroy();
  }

  #encode(encoder: GPUCommandEncoder): void {
    const pass = encoder.beginComputePass({ label: this.name });
    for (const { pipeline, bindings, grid } of this.#dispatches) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(...grid);
    }
    pass.end();
    for (const { value, name } of this.#plan.copies) {
      const from = this.#buffer({ kind: "stored", value });
      encoder.copyBufferToBuffer(from, 0, this.#tensor(name), 0, floatBytes(value.shape));
    }
  }

  /** Where a result lies after a run. */
  #result(name: string): ReadRegion {
    const value = entryOf(this.graph.results, name, "a result of the graph");
    return { buffer: this.#buffer({ kind: "stored", value }), bytes: floatBytes(value.shape) };
  }

  #compile(kernel: FusedKernel): GraphDispatch {
    const operation = `${this.name}: ${nameOf(kernel)}`;
    const { code, buffers, grid } = fusedShader(
      kernel,
      this.#plan.views,
      (held) => this.#buffer(held),
      this.device.tileLimits,
    );
    const pipeline = this.device.pipeline(code, operation);
    // Binding 0 is what kernels of photos know of their batch.
    return { pipeline, bindings: this.device.bind(pipeline, [undefined, ...buffers], operation), grid };
  }

  #buffer(held: Held): GPUBuffer {
    const place = placeOf(this.#plan, held);
    if (place.kind === "tensor") return this.#tensor(place.name);
    if (place.kind === "temporary") return this.#temporaries[place.buffer];
    const known = this.#constants.get(place.data);
    if (known) return known;
    const buffer = this.device.upload(place.data.slice(), `${this.name}'s constants`);
    this.#constants.set(place.data, buffer);
    return buffer;
  }

  #tensor(name: string): GPUBuffer {
    return entryOf(this.tensors.buffers, name, "a tensor of the graph");
  }
}

/** A kernel for people: the operations that it computes, and the shape of what comes of them. */
function nameOf({ root, members }: FusedKernel): string {
  const values = root ? [root, ...members] : members;
  return `${values.map(({ operation }) => operation.kind).join(", ")} [${values[0].shape}]`;
}
