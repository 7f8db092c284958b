import type { Device } from "./device.ts";

/** One dispatch that can be repeated. */
export interface Dispatch {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: readonly [x: number, y: number];
}

/** A trial is long enough to be timed when it takes this many milliseconds. */
const TRIAL_MILLISECONDS = 4;
const LARGEST_REPEATS = 256;

/**
 * The milliseconds that a dispatch takes, by repeating it until a trial is long enough to be timed; the least of three
 * trials, since whatever else happens only adds.
 */
export async function timeDispatch(device: Device, dispatch: Dispatch): Promise<number> {
  const timer = createTimer(device);
  try {
    await timer.time(dispatch, 1);
    let repeats = 1;
    let milliseconds = await timer.time(dispatch, repeats);
    while (milliseconds < TRIAL_MILLISECONDS && repeats < LARGEST_REPEATS) {
      repeats = Math.min(LARGEST_REPEATS, repeats * 4);
      milliseconds = await timer.time(dispatch, repeats);
    }
    for (let trial = 0; trial < 2; trial++) milliseconds = Math.min(milliseconds, await timer.time(dispatch, repeats));
    return milliseconds / repeats;
  } finally {
    timer.close();
  }
}

interface Timer {
  time(dispatch: Dispatch, repeats: number): Promise<number>;
  close(): void;
}

/** Times on the device's own clock where it has one, else by how long it takes until all work is done. */
function createTimer(device: Device): Timer {
  const { gpu, errors } = device;
  if (!gpu.features.has("timestamp-query")) {
    return {
      async time(dispatch, repeats) {
        const started = performance.now();
        submitRepeated(device, dispatch, repeats);
        await errors.settle(gpu.queue.onSubmittedWorkDone());
        return performance.now() - started;
      },
      close() {},
    };
  }
  const bytes = 2 * BigUint64Array.BYTES_PER_ELEMENT;
  const querySet = gpu.createQuerySet({ type: "timestamp", count: 2 });
  const resolved = gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const readable = gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  return {
    async time(dispatch, repeats) {
      submitRepeated(device, dispatch, repeats, querySet, (encoder) => {
        encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, readable, 0, bytes);
      });
      await errors.settle(readable.mapAsync(GPUMapMode.READ));
      const [start, end] = new BigUint64Array(readable.getMappedRange().slice(0));
      readable.unmap();
      const nanosecondsInMillisecond = 1e6;
      return Number(end - start) / nanosecondsInMillisecond;
    },
    close() {
      querySet.destroy();
      resolved.destroy();
      readable.destroy();
    },
  };
}

function submitRepeated(
  { gpu, errors }: Device,
  { name, pipeline, bindings, grid }: Dispatch,
  repeats: number,
  querySet?: GPUQuerySet,
  finish?: (encoder: GPUCommandEncoder) => void,
): void {
  errors.watch(name, () => {
    const encoder = gpu.createCommandEncoder({ label: name });
    const timestampWrites = querySet && { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const pass = encoder.beginComputePass({ label: name, timestampWrites });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let k = 0; k < repeats; k++) pass.dispatchWorkgroups(...grid);
    pass.end();
    finish?.(encoder);
    gpu.queue.submit([encoder.finish()]);
  });
}
