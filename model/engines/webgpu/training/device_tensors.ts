import { entryOf } from "../../../../data/base/entry_of.ts";
import type { Shape } from "../../../autograd/value.ts";
import type { Tensor, TensorMap } from "../../../tensor.ts";
import type { Device } from "../device/device.ts";
import { type PendingRead, Readback } from "../device/readback.ts";
import { floatBytes } from "../device/float_bytes.ts";

/** Tensors on a device, by name, each in a buffer that stays. */
export class DeviceTensors {
  readonly buffers: ReadonlyMap<string, GPUBuffer>;

  constructor(readonly device: Device, shapes: ReadonlyMap<string, Shape>) {
    this.buffers = new Map([...shapes].map(([name, shape]) => [name, device.storage(floatBytes(shape), name)]));
  }

  /** Writes some of them, in order with the commands that are submitted; what nothing on the device reads is passed over. */
  write(tensors: TensorMap): void {
    for (const [name, { data }] of tensors) {
      const buffer = this.buffers.get(name);
      if (buffer) this.device.writePhotos(buffer, data);
    }
  }

  /** Copies of some of them, once all that was submitted is done. */
  async read(shapes: ReadonlyMap<string, Shape>): Promise<Map<string, Tensor>> {
    // A state is read seldom, and is large: what it takes to read it does not stay.
    const readback = new Readback(this.device);
    const read = new Map<string, Tensor>();
    try {
      for (const some of parts([...shapes])) {
        const floats = await readback.floats(this.#copy(readback, some));
        for (const [k, [name, shape]] of some.entries()) read.set(name, { shape, data: floats[k] });
      }
      return read;
    } finally {
      readback.destroy();
    }
  }

  destroy(): void {
    for (const buffer of this.buffers.values()) buffer.destroy();
  }

  #copy(readback: Readback, some: readonly NamedShape[]): PendingRead {
    const { gpu, errors } = this.device;
    const regions = some.map(([name, shape]) => {
      return { buffer: entryOf(this.buffers, name, "a tensor on the device"), bytes: floatBytes(shape) };
    });
    return errors.watch("reading tensors", () => {
      const encoder = gpu.createCommandEncoder({ label: "reading tensors" });
      const reading = readback.copy(encoder, regions);
      gpu.queue.submit([encoder.finish()]);
      return reading;
    });
  }
}

/** Tensors that are read together, since each reading waits for the device: no more of them than this, or a single one. */
const PART_BYTES = 2 ** 26;

type NamedShape = readonly [name: string, shape: Shape];

function parts(shapes: readonly NamedShape[]): NamedShape[][] {
  const divided: NamedShape[][] = [];
  let bytes = Infinity;
  for (const named of shapes) {
    bytes += floatBytes(named[1]);
    if (bytes > PART_BYTES) {
      divided.push([]);
      bytes = floatBytes(named[1]);
    }
    divided[divided.length - 1].push(named);
  }
  return divided;
}
