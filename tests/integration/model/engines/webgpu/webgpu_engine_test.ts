import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UserError } from "../../../../../data/base/user_error.ts";
import { findGpuAdapter } from "../../../../../model/engines/gpu/gpu_adapter.ts";
import type { Engine } from "../../../../../model/engines/engine.ts";
import { openWebgpuEngine } from "../../../../../model/engines/webgpu/webgpu_engine.ts";
import { tensor } from "../../../../../model/tensor.ts";
import { batchFor, HEAD, RATES, stateFor } from "../../training/plain_step.ts";
import { awkwardNetwork, weightsFor } from "../awkward_network.ts";
import { testOnAdapter } from "../gpu/test_on_gpu.ts";
import { inFolder } from "../../../pipeline/in_folder.ts";
import { photosFor } from "../plain_outputs.ts";
import { wideNetwork } from "./on_device.ts";

const network = awkwardNetwork();
const weights = weightsFor(network);

/** An engine whose device can be lost with its next submit under way, as when a driver starts anew. */
async function openEngine(): Promise<{ engine: Engine; loseDevice(): void }> {
  const gpu = await findGpuAdapter();
  assert(gpu !== undefined);
  const devices: GPUDevice[] = [];
  const request = gpu.adapter.requestDevice.bind(gpu.adapter);
  gpu.adapter.requestDevice = async (asked) => {
    const device = await request(asked);
    devices.push(device);
    return device;
  };
  const engine = await openWebgpuEngine(gpu);
  const loseDevice = () => {
    for (const device of devices) {
      const submit = device.queue.submit.bind(device.queue);
      device.queue.submit = (buffers) => {
        submit(buffers);
        device.destroy();
      };
    }
  };
  return { engine, loseDevice };
}

async function assertTellsOfLoss(run: () => Promise<unknown>): Promise<void> {
  const { message } = await assertRejects(run, UserError, "Cannot go on computing on WebGPU: expected the graphics");
  assertStringIncludes(message, "the device was lost");
  assertStringIncludes(message, "Run the same command again: it goes on where it was; or use --backend onnx");
  assertEquals(message.split("\n").length, 1);
}

testOnAdapter(
  "a device that is lost in the middle of a batch is told of as such, and another engine goes on",
  async () => {
    const photos = photosFor(network, 3);
    const { engine, loseDevice } = await openEngine();
    const compiled = await engine.compile(network, weights, ["features"]);
    const before = await compiled.run(photos);
    loseDevice();
    const batches = [1, 2, 3].map(() => compiled.run(photos));
    for (const batch of batches) await assertTellsOfLoss(() => batch);
    // Whatever is asked of it afterwards.
    await assertTellsOfLoss(() => compiled.run(photos));
    await assertTellsOfLoss(() => engine.compile(network, weights, ["features"]));
    await assertTellsOfLoss(() => engine.train(HEAD, stateFor(HEAD)));
    const matrix = tensor([1, 1], Float32Array.of(1));
    await assertTellsOfLoss(() => engine.matMulTransposed(matrix, matrix));
    await compiled.close();
    await engine.close();

    const { engine: second } = await openEngine();
    const again = await second.compile(network, weights, ["features"]);
    assertEquals(await again.run(photos), before);
    await again.close();
    await second.close();
  },
);

testOnAdapter(
  "a device that is lost in the middle of training is told of, and training goes on from its state",
  async () => {
    const [first, second] = [batchFor(HEAD), batchFor(HEAD, 100)];
    const { engine, loseDevice } = await openEngine();
    const whole = await engine.train(HEAD, stateFor(HEAD));
    await whole.step([first, second], RATES);
    const expected = await whole.state();
    await whole.close();

    const lost = await engine.train(HEAD, stateFor(HEAD));
    await lost.step([first], RATES);
    const kept = await lost.state();
    loseDevice();
    await assertTellsOfLoss(() => lost.step([second], RATES));
    await assertTellsOfLoss(() => lost.state());
    await lost.close();
    await engine.close();

    const { engine: other } = await openEngine();
    const resumed = await other.train(HEAD, kept);
    await resumed.step([second], RATES);
    assertEquals(await resumed.state(), expected);
    await resumed.close();
    await other.close();
  },
);

testOnAdapter(
  "what is no software times its tiles for a long job, once for all processes that follow",
  (found) =>
    inFolder(async (folder) => {
      const hardware = { ...found, isSoftware: false };
      const before = Deno.cwd();
      // Beside the runs, which are in the folder where the program is started.
      Deno.chdir(folder);
      try {
        const said: string[] = [];
        const wide = wideNetwork();
        const run = async (longJob: boolean) => {
          const engine = await openWebgpuEngine(hardware, { say: (line) => said.push(line) });
          const compiled = await engine.compile(wide, weightsFor(wide), ["wide"], { longJob });
          const outputs = await compiled.run(photosFor(wide, 2));
          await compiled.close();
          await engine.close();
          return outputs;
        };
        const byRule = await run(false);
        assertEquals(said, []);
        assertEquals(await run(true), byRule);
        const searches = hardware.adapter.features.has("timestamp-query") ? 1 : 0;
        assertEquals(said.length, searches);
        assertEquals(await run(true), byRule);
        assertEquals(said.length, searches);
      } finally {
        Deno.chdir(before);
      }
    }),
);
