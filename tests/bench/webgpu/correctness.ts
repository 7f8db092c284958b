/**
 * Whether this project's kernels compute and train right on the adapter here, before anything of them is timed: the
 * networks beside what PyTorch computed, in 32 bits and in 16 where the adapter has them, and steps of training beside
 * PyTorch's. On a software adapter, the tiny networks alone.
 *
 * usage: deno run -A tests/bench/webgpu/correctness.ts
 */
import { messageOf } from "../../../data/base/message_of.ts";
import type { Engine } from "../../../model/engines/engine.ts";
import { findGpuAdapter, type GpuAdapter } from "../../../model/engines/gpu/gpu_adapter.ts";
import type { Precision } from "../../../model/engines/webgpu/kernels/shader.ts";
import { openWebgpuEngine } from "../../../model/engines/webgpu/webgpu_engine.ts";
import { alignedTable } from "../../../pipeline/terminal/table.ts";
import {
  embeddedGoldens,
  fullGoldens,
  goldenError,
  type GoldenFile,
  readGolden,
} from "../../integration/model/engines/golden_forward.ts";
import { checkGoldenFineTuning } from "../../integration/model/training/golden_fine_tune.ts";
import { checkGoldenHead } from "../../integration/model/training/golden_head.ts";
import { FLOAT16_TOLERANCE, FLOAT32_TOLERANCE } from "../contestants/contestant.ts";

/** One thing that is looked at. */
export interface Check {
  readonly what: string;
  /** @returns how far it was from what it should be; throws what is wrong. */
  run(): Promise<string>;
}

/** Looks at everything, whatever fails, and prints a table. @returns whether all was right */
export async function report(checks: readonly Check[], print: (text: string) => void): Promise<boolean> {
  const rows: string[][] = [];
  for (const { what, run } of checks) {
    rows.push(await run().then((found) => [what, "right", found], (thrown) => [what, "WRONG", messageOf(thrown)]));
  }
  print(alignedTable(["beside PyTorch", "", ""], rows));
  return rows.every(([, verdict]) => verdict === "right");
}

async function main(): Promise<boolean> {
  const found = await findGpuAdapter();
  if (found === undefined) {
    console.error("Cannot check the GPU's kernels: expected a graphics adapter, got none. Install its driver");
    return false;
  }
  const { adapter: { info, features, limits }, description, isSoftware } = found;
  const has = (feature: GPUFeatureName) => (features.has(feature) ? "yes" : "no");
  console.log(`adapter: ${[description, info.vendor, info.architecture].filter(Boolean).join(", ")}`);
  if (isSoftware) console.log("this is software: what it computes counts, its times mean nothing");
  console.log(
    `16 bits: ${has("shader-f16")}; a clock: ${has("timestamp-query")}; ` +
      `${
        limits.maxComputeWorkgroupStorageSize / 1024
      } KB and ${limits.maxComputeInvocationsPerWorkgroup} invocations a ` +
      `workgroup; ${limits.maxStorageBufferBindingSize / 2 ** 20} MiB a binding`,
  );
  await using opened = new AsyncDisposableStack();
  const checks: Check[] = [];
  for (const precision of features.has("shader-f16") ? ["f32", "f16"] as const : ["f32"] as const) {
    const engine = await openWebgpuEngine(found, { precision });
    opened.defer(() => engine.close());
    checks.push(...networkChecks(found, engine, precision));
    // Training is in 32 bits.
    if (precision === "f32") checks.push(...trainingChecks(engine));
  }
  return await report(checks, console.log);
}

function networkChecks({ isSoftware }: GpuAdapter, engine: Engine, precision: Precision): Check[] {
  const tolerance = precision === "f16" ? FLOAT16_TOLERANCE : FLOAT32_TOLERANCE;
  const goldens = isSoftware ? embeddedGoldens().filter(({ size }) => size === "tiny") : [
    ...embeddedGoldens(),
    ...fullGoldens(),
  ];
  return goldens.map((file) => ({
    what: `${file.name}, ${precision}`,
    async run() {
      const error = await errorOf(file, engine);
      if (engine.precision !== precision) throw new Error(`16 bits do not hold ${engine.halves?.overflow}`);
      if (!(error < tolerance)) {
        throw new Error(`relative error ${error.toExponential(1)}, expected under ${tolerance}`);
      }
      return `relative error ${error.toExponential(1)}`;
    },
  }));
}

async function errorOf(file: GoldenFile, engine: Engine): Promise<number> {
  const golden = await readGolden(file);
  const compiled = await engine.compile(golden.network, golden.weights, [golden.network.output]);
  try {
    return goldenError(golden, await compiled.run(golden.input));
  } finally {
    await compiled.close();
  }
}

function trainingChecks(engine: Engine): Check[] {
  const start: Engine["train"] = (spec, state) => engine.train(spec, state);
  const checks = { "six steps of a head": checkGoldenHead, "three steps of fine-tuning": checkGoldenFineTuning };
  return Object.entries(checks).map(([what, check]) => ({
    what: `${what}, f32`,
    async run() {
      await check(start, FLOAT32_TOLERANCE);
      return `gradients, losses and weights within ${FLOAT32_TOLERANCE}`;
    },
  }));
}

if (import.meta.main) Deno.exit(await main() ? 0 : 1);
