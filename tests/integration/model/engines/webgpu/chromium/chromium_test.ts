import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Network } from "../../../../../../model/networks/layers.ts";
import type { Tensor, TensorMap } from "../../../../../../model/tensor.ts";
import { noBrowser } from "../../../../../end_to_end/browser/browser.ts";
import { randomNetworks } from "../../../../../unit/model/engines/webgpu/random_network.ts";
import { assertClose } from "../../../training/golden_files.ts";
import { assertPlainStep, plainStep, RATES } from "../../../training/plain_step.ts";
import { awkwardNetwork, weightsFor } from "../../awkward_network.ts";
import { embeddedGoldens, readGolden, samplesOf } from "../../golden_forward.ts";
import { assertPlainOutputs, observableOutputs, photosFor } from "../../plain_outputs.ts";
import { type ChromiumPage, inChromiumPage } from "./chromium_page.ts";
import { plainTensor, plainTensors, tensorsOf } from "./network_job.ts";

/** Each has shaders of its own, and compiling one takes this browser's software driver a second. */
const RANDOM_NETWORKS = 6;

async function computeIn(
  page: ChromiumPage,
  network: Network,
  weights: TensorMap,
  input: Tensor,
  outputs: readonly string[],
): Promise<TensorMap> {
  const job = { network, weights: plainTensors(weights), input: plainTensor(input), outputs };
  return tensorsOf(await page.compute(job));
}

/** Holds a batch of two to the oracle. */
async function assertComputesIn(page: ChromiumPage, network: Network): Promise<void> {
  const weights = weightsFor(network);
  const photos = photosFor(network, 2);
  const outputs = await computeIn(page, network, weights, photos, observableOutputs(network));
  assertPlainOutputs(network, weights, photos, outputs, 1e-5);
}

Deno.test({
  name: `kernels in Chromium, whose WebGPU and compiler are others${noBrowser}`,
  ignore: noBrowser !== "",
  fn: (t) =>
    inChromiumPage(async (page) => {
      await t.step("computes rows at their least convenient as the oracle does", async () => {
        await assertComputesIn(page, awkwardNetwork());
      });

      await t.step("computes any rows as the oracle does", async () => {
        const property = fc.asyncProperty(randomNetworks(), (network) => assertComputesIn(page, network));
        await fc.assert(property, { numRuns: RANDOM_NETWORKS });
      });

      await t.step("takes a step of training as its program means it", async () => {
        const { spec, state, batch: { inputs, labels } } = plainStep();
        const job = { spec, state: plainTensors(state), inputs: inputs.map(plainTensor), labels: [...labels] };
        assertPlainStep(tensorsOf(await page.step({ ...job, rates: RATES })), 1e-4);
      });

      for (const file of embeddedGoldens().filter(({ size }) => size === "tiny")) {
        await t.step(`agrees with PyTorch at every depth of ${file.name}`, async () => {
          const { network, weights, input, depths } = await readGolden(file);
          const outputs = await computeIn(page, network, weights, input, depths.map(({ name }) => name));
          for (const { name, shape, samples } of depths) {
            const output = outputs.get(name);
            if (output === undefined) throw new Error(`expected ${name}`);
            assertEquals(output.shape, shape, name);
            assertClose(samplesOf(output), samples, 1e-4, name);
          }
        });
      }
    }),
});
