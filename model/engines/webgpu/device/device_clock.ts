import type { Device } from "./device.ts";

/** Times work on a device. */
export interface DeviceClock {
  /** The milliseconds that a compute pass takes. */
  milliseconds(name: string, encode: (pass: GPUComputePassEncoder) => void): Promise<number>;
  close(): void;
}

/** Opens the device's own clock where it has one, else goes by how long it takes until all work is done. */
export async function openDeviceClock(device: Device): Promise<DeviceClock> {
  if (!device.gpu.features.has("timestamp-query")) return waitingClock(device);
  const clock = new TickingClock(device);
  await clock.calibrate();
  return clock;
}

/** Deno looks for finished work every 10 ms: only long passes are timed well. */
function waitingClock({ gpu, errors }: Device): DeviceClock {
  return {
    async milliseconds(name, encode) {
      const started = performance.now();
      errors.watch(name, () => {
        const encoder = gpu.createCommandEncoder({ label: name });
        const pass = encoder.beginComputePass({ label: name });
        encode(pass);
        pass.end();
        gpu.queue.submit([encoder.finish()]);
      });
      await errors.settle(gpu.queue.onSubmittedWorkDone());
      return performance.now() - started;
    },
    close() {},
  };
}

const TICKS_BYTES = 2 * BigUint64Array.BYTES_PER_ELEMENT;
const CALIBRATION_MILLISECONDS = 100;
const NANOSECONDS_IN_MILLISECOND = 1e6;
/** A tick that is this close to a nanosecond is one: the rest is the error of the calibration. */
const CALIBRATION_ERROR = 0.1;

/** The device's clock, read at the beginning and the end of a pass. */
class TickingClock implements DeviceClock {
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #readable: GPUBuffer;
  #ticksInMillisecond = NANOSECONDS_IN_MILLISECOND;

  constructor(readonly device: Device) {
    const { gpu } = device;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#queries = gpu.createQuerySet({ type: "timestamp", count: 2 });
    this.#resolved = gpu.createBuffer({ size: TICKS_BYTES, usage: QUERY_RESOLVE | COPY_SRC });
    this.#readable = gpu.createBuffer({ size: TICKS_BYTES, usage: MAP_READ | COPY_DST });
  }

  /** WebGPU counts in nanoseconds, but Deno gives the device's own ticks and not their length: it is measured. */
  async calibrate(): Promise<void> {
    const read = async () => ({ started: performance.now(), ticks: (await this.#ticks("a clock", () => {}))[0] });
    await read();
    const first = await read();
    await new Promise((resolve) => setTimeout(resolve, CALIBRATION_MILLISECONDS));
    const second = await read();
    const measured = Number(second.ticks - first.ticks) / (second.started - first.started);
    const isNanosecond = Math.abs(measured / NANOSECONDS_IN_MILLISECOND - 1) < CALIBRATION_ERROR;
    if (!isNanosecond && measured > 0) this.#ticksInMillisecond = measured;
  }

  async milliseconds(name: string, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const [start, end] = await this.#ticks(name, encode);
    // WebGPU allows a clock that was set back in between: such a trial counts for nothing.
    if (end < start) return Infinity;
    return Number(end - start) / this.#ticksInMillisecond;
  }

  close(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#readable.destroy();
  }

  async #ticks(name: string, encode: (pass: GPUComputePassEncoder) => void): Promise<BigUint64Array> {
    const { gpu, errors } = this.device;
    errors.watch(name, () => {
      const encoder = gpu.createCommandEncoder({ label: name });
      const timestampWrites = { querySet: this.#queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
      const pass = encoder.beginComputePass({ label: name, timestampWrites });
      encode(pass);
      pass.end();
      encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
      encoder.copyBufferToBuffer(this.#resolved, 0, this.#readable, 0, TICKS_BYTES);
      gpu.queue.submit([encoder.finish()]);
    });
    await errors.settle(this.#readable.mapAsync(GPUMapMode.READ));
    const ticks = new BigUint64Array(this.#readable.getMappedRange().slice(0));
    this.#readable.unmap();
    return ticks;
  }
}
