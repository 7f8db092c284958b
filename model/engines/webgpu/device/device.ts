import { OneAtATime } from "../../one_at_a_time.ts";
import type { GpuErrors } from "../../gpu/gpu_errors.ts";
import { groupBytes, OVERFLOW_BINDING, type Precision } from "../kernels/shader.ts";
import type { TileLimits } from "../kernels/tile.ts";

/** A WebGPU device that reports its errors, and what the executor makes on it: shared by all networks on it. */
export class Device {
  /** Networks are prepared one after the other. */
  readonly preparing = new OneAtATime();
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  /** Shaders that the device could not make a pipeline of. */
  readonly #refused = new Set<string>();

  constructor(
    readonly errors: GpuErrors,
    /** The adapter, as a name under which measurements can be kept. */
    readonly name: string,
    readonly precision: Precision,
  ) {}

  get gpu(): GPUDevice {
    return this.errors.device;
  }

  get tileLimits(): TileLimits {
    const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } =
      this.gpu.limits;
    return {
      workgroupBytes: maxComputeWorkgroupStorageSize,
      threads: Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX),
    };
  }

  /** The photos of which a value that takes so many groups of four channels each can be bound at once. */
  photosWithin(groupsPerPhoto: number): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.limits;
    return Math.floor(
      Math.min(maxStorageBufferBindingSize, maxBufferSize) / (groupsPerPhoto * groupBytes(this.precision)),
    );
  }

  /** A pipeline for a shader; the same shader gives the same pipeline. */
  pipeline(code: string, operation: string): GPUComputePipeline {
    const known = this.#pipelines.get(code);
    if (known) return known;
    const pipeline = this.errors.watch(operation, () => this.#compiled(code, operation));
    this.#pipelines.set(code, pipeline);
    return pipeline;
  }

  /** The same for a shader that the device may refuse: some take more registers or memory than a driver can give. */
  async pipelineUnlessRefused(code: string, operation: string): Promise<GPUComputePipeline | undefined> {
    const known = this.#pipelines.get(code);
    if (known || this.#refused.has(code)) return known;
    const pipeline = await this.errors.attempt(() => this.#compiled(code, operation));
    if (pipeline) this.#pipelines.set(code, pipeline);
    else this.#refused.add(code);
    return pipeline;
  }

  #compiled(code: string, operation: string): GPUComputePipeline {
    return this.gpu.createComputePipeline({
      label: operation,
      layout: "auto",
      compute: { module: this.gpu.createShaderModule({ label: operation, code }), entryPoint: "main" },
    });
  }

  /**
   * Binds buffers to a pipeline's bindings 0, 1, and so on; what the shader does not use is left out by its number.
   * @param overflow the flag of a dispatch that has one
   */
  bind(
    pipeline: GPUComputePipeline,
    buffers: readonly (GPUBuffer | undefined)[],
    operation: string,
    overflow?: GPUBufferBinding,
  ): GPUBindGroup {
    const entries: GPUBindGroupEntry[] = buffers.flatMap((buffer, binding) =>
      buffer ? [{ binding, resource: { buffer } }] : []
    );
    if (overflow) entries.push({ binding: OVERFLOW_BINDING, resource: overflow });
    return this.errors.watch(
      operation,
      () => this.gpu.createBindGroup({ label: operation, layout: pipeline.getBindGroupLayout(0), entries }),
    );
  }

  /** A buffer for shaders to read and write. */
  storage(bytes: number, operation: string): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.errors.watch(
      operation,
      () => this.gpu.createBuffer({ label: operation, size: wholeWords(bytes), usage }),
    );
  }

  /** A buffer for what all kernels of a batch know. */
  uniform(bytes: number, operation: string): GPUBuffer {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    return this.errors.watch(operation, () => this.gpu.createBuffer({ label: operation, size: bytes, usage }));
  }

  /** A buffer with these contents. */
  upload(data: ArrayBufferView<ArrayBuffer>, operation: string): GPUBuffer {
    const buffer = this.storage(data.byteLength, operation);
    this.write(buffer, data, operation);
    return buffer;
  }

  /** Writes photos to a buffer's beginning, in an operation that is watched already; copies only odd lengths. */
  writePhotos(buffer: GPUBuffer, { buffer: memory, byteOffset, byteLength }: Float32Array | Uint8Array): void {
    const words = wholeWords(byteLength);
    if (memory instanceof ArrayBuffer && words === byteLength) {
      this.gpu.queue.writeBuffer(buffer, 0, memory, byteOffset, byteLength);
    } else {
      const copy = new Uint8Array(words);
      copy.set(new Uint8Array(memory, byteOffset, byteLength));
      this.gpu.queue.writeBuffer(buffer, 0, copy);
    }
  }

  /** Writes to a buffer's beginning, in order with the commands that are submitted. */
  write(buffer: GPUBuffer, data: ArrayBufferView<ArrayBuffer>, operation: string): void {
    this.errors.watch(operation, () => this.gpu.queue.writeBuffer(buffer, 0, data));
  }
}

/** WebGPU copies whole words of four bytes. */
export function wholeWords(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
