import type { Grid } from "../kernels/shader.ts";
import type { Device } from "./device.ts";

/** One dispatch that can be repeated. */
export interface Dispatch {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: Grid;
}

/** A compute pass: a dispatch so many times in a row. */
export interface TimedPass {
  readonly dispatch: Dispatch;
  readonly repeats: number;
}

/** The most passes of one submit. */
const PASSES = 1024;
const TICKS_BYTES = 2 * PASSES * BigUint64Array.BYTES_PER_ELEMENT;
const CALIBRATION_MILLISECONDS = 100;
const NANOSECONDS_IN_MILLISECOND = 1e6;
/** A tick that is this close to a nanosecond is one: the rest is the error of the calibration. */
const CALIBRATION_ERROR = 0.1;

/** The device's own clock, read at the beginning and the end of passes. */
export class DeviceClock {
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #readable: GPUBuffer;
  #ticksInMillisecond = NANOSECONDS_IN_MILLISECOND;

  private constructor(readonly device: Device) {
    const { gpu } = device;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#queries = gpu.createQuerySet({ type: "timestamp", count: 2 * PASSES });
    this.#resolved = gpu.createBuffer({ size: TICKS_BYTES, usage: QUERY_RESOLVE | COPY_SRC });
    this.#readable = gpu.createBuffer({ size: TICKS_BYTES, usage: MAP_READ | COPY_DST });
  }

  /** Opens a device's clock; `undefined` where it has none: what the CPU's clock says of a pass is mostly waiting. */
  static async open(device: Device): Promise<DeviceClock | undefined> {
    if (!device.gpu.features.has("timestamp-query")) return undefined;
    const clock = new DeviceClock(device);
    await clock.#calibrate();
    return clock;
  }

  /**
   * The milliseconds that each pass takes, as many as fit in one submit, since waiting for one takes Deno 10 ms. What
   * the device refuses takes forever, and harms nothing else.
   */
  async milliseconds(passes: readonly TimedPass[]): Promise<number[]> {
    if (passes.length > PASSES) {
      return [...await this.milliseconds(passes.slice(0, PASSES)), ...await this.milliseconds(passes.slice(PASSES))];
    }
    const encoded = await Promise.all(
      passes.map((pass, k) => this.device.errors.attempt(() => this.#encoded(pass, k))),
    );
    const commands = encoded.filter((buffer) => buffer !== undefined);
    if (commands.length < passes.length) {
      // Every query that is read has to be written: the others are encoded again.
      const taken = passes.filter((_, k) => encoded[k] !== undefined);
      const times = (await this.milliseconds(taken)).values();
      return encoded.map((buffer) => (buffer === undefined ? Infinity : times.next().value ?? Infinity));
    }
    const ticks = await this.#ticks(commands);
    return passes.map((_, k) => {
      // WebGPU allows a clock that was set back in between: such a pass counts for nothing.
      if (ticks === undefined || ticks[2 * k + 1] < ticks[2 * k]) return Infinity;
      return Number(ticks[2 * k + 1] - ticks[2 * k]) / this.#ticksInMillisecond;
    });
  }

  close(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#readable.destroy();
  }

  /** WebGPU counts in nanoseconds, but Deno gives the device's own ticks and not their length: it is measured. */
  async #calibrate(): Promise<void> {
    const read = async () => {
      const started = performance.now();
      const ticks = await this.#ticks([this.#encoded(undefined, 0)]);
      return { started, ticks: ticks?.[0] ?? 0n };
    };
    await read();
    const first = await read();
    await new Promise((resolve) => setTimeout(resolve, CALIBRATION_MILLISECONDS));
    const second = await read();
    const measured = Number(second.ticks - first.ticks) / (second.started - first.started);
    const isNanosecond = Math.abs(measured / NANOSECONDS_IN_MILLISECOND - 1) < CALIBRATION_ERROR;
    if (!isNanosecond && measured > 0) this.#ticksInMillisecond = measured;
  }

  /** A pass between its two readings of the clock; without one, the readings alone. */
  #encoded(timed: TimedPass | undefined, place: number): GPUCommandBuffer {
    const label = timed?.dispatch.name ?? "the device's clock";
    const encoder = this.device.gpu.createCommandEncoder({ label });
    const [beginningOfPassWriteIndex, endOfPassWriteIndex] = [2 * place, 2 * place + 1];
    const timestampWrites = { querySet: this.#queries, beginningOfPassWriteIndex, endOfPassWriteIndex };
    const pass = encoder.beginComputePass({ label, timestampWrites });
    if (timed) {
      pass.setPipeline(timed.dispatch.pipeline);
      pass.setBindGroup(0, timed.dispatch.bindings);
      for (let k = 0; k < timed.repeats; k++) pass.dispatchWorkgroups(...timed.dispatch.grid);
    }
    pass.end();
    return encoder.finish();
  }

  /** Submits passes and reads the clock's readings; `undefined` where the device refuses them. */
  async #ticks(commands: readonly GPUCommandBuffer[]): Promise<BigUint64Array | undefined> {
    const { gpu, errors } = this.device;
    const queries = 2 * commands.length;
    const bytes = queries * BigUint64Array.BYTES_PER_ELEMENT;
    const submitted = await errors.attempt(() => {
      const encoder = gpu.createCommandEncoder({ label: "the device's clock" });
      encoder.resolveQuerySet(this.#queries, 0, queries, this.#resolved, 0);
      encoder.copyBufferToBuffer(this.#resolved, 0, this.#readable, 0, bytes);
      gpu.queue.submit([...commands, encoder.finish()]);
      return true;
    });
    if (!submitted) return undefined;
    await errors.settle(this.#readable.mapAsync(GPUMapMode.READ, 0, bytes));
    const ticks = new BigUint64Array(this.#readable.getMappedRange(0, bytes).slice(0));
    this.#readable.unmap();
    return ticks;
  }
}
