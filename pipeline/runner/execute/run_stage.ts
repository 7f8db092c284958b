import { canonicalJson, sha256 } from "../../files/hashing.ts";
import { duration } from "../../terminal/progress.ts";
import { stopwatch } from "../../files/stopwatch.ts";
import { countsText } from "../../terminal/table.ts";
import {
  type Manifest,
  MANIFEST_FILE,
  MANIFEST_SCHEMA,
  manifestText,
  OUTPUT_FILE,
  STARTED_FILE,
} from "../../store/manifest.ts";
import { changedOutputs, writtenOutputs } from "../../store/stage_outputs.ts";
import type { VerifiedFolder } from "../../store/verified_folder.ts";
import { makeRoom } from "./room.ts";
import type { Run } from "../run.ts";
import { type Stage, type StageRecord, usesEngine } from "../stage.ts";
import { toolsFor } from "./tools_for.ts";
import type { Wanted } from "../plan/staleness.ts";

/** What running a stage depends on besides the run. */
export interface StageToRun {
  readonly stage: Stage;
  /** What it is computed from: all of it is there. */
  readonly wanted: Wanted;
  /** What the stage left when it finished before. */
  readonly earlier: VerifiedFolder | undefined;
  /** Whether it is to make anew what it could go on with. */
  readonly forced: boolean;
  /** What the stages before it reported. */
  records(): Promise<StageRecord[]>;
}

/**
 * Runs one stage: makes room in its folder, reads its inputs, lets it compute, and writes its output and then its
 * manifest, by which it counts as finished.
 * @returns the manifest
 */
export async function runStage(given: StageToRun, { config, context, store }: Omit<Run, "stages">): Promise<Manifest> {
  const { stage, wanted, earlier, forced, records } = given;
  const started = new Date();
  const seconds = stopwatch();
  const folder = store.folder(stage.name);
  const choice = usesEngine(stage) ? await context.chosenEngine() : undefined;
  const key = sha256(canonicalJson({ ...wanted, backend: choice?.engine.name ?? null }));
  // What is not as the stage wrote it must not be gone on with. It goes while the manifest still tells so.
  for (const changed of earlier ? await changedOutputs(stage, earlier) : []) await changed.folder.remove(changed.file);
  if (await makeRoom(folder, stage, key, forced)) context.say("  going on from where it was stopped");
  if (forced) {
    context.facts.beginAnew();
    context.cache.beginAnew();
  }

  const needed = await neededBy(stage, store);
  const inputs: Record<string, unknown> = {};
  for (const [name, finished] of needed) inputs[name] = JSON.parse(await finished.readText(OUTPUT_FILE));
  const warnings: string[] = [];
  const tools = toolsFor(stage, { config, context }, { folder, needed, records, warnings });
  const { output, counts, details = null, shared = [] } = await stage.run(inputs, config, tools);
  await folder.write(OUTPUT_FILE, JSON.stringify(output));

  const manifest: Manifest = {
    schema: MANIFEST_SCHEMA,
    stage: stage.name,
    version: stage.version,
    params: wanted.params,
    seed: config.seed,
    backend: choice?.engine.name ?? null,
    device: choice?.engine.device ?? null,
    backendReason: choice?.reason ?? null,
    inputs: knownInputs(wanted),
    outputs: [...await writtenOutputs(folder, stage, earlier), ...shared],
    counts,
    details,
    warnings,
    started: started.toISOString(),
    seconds: seconds(),
  };
  await folder.write(MANIFEST_FILE, manifestText(manifest));
  await folder.remove(STARTED_FILE);
  await context.hashes.save();
  const counted = countsText(counts);
  context.say(`  done in ${duration(manifest.seconds)}${counted ? `: ${counted}` : ""}`);
  return manifest;
}

/** What the stages wrote that a stage needs, by their names. */
async function neededBy(stage: Stage, store: Run["store"]): Promise<Map<string, VerifiedFolder>> {
  const needed = new Map<string, VerifiedFolder>();
  for (const name of stage.needs) {
    const finished = await store.finished(name);
    if (!finished) throw new Error(`Cannot run stage ${stage.name}: expected ${name} to have run, got no manifest`);
    needed.set(name, finished);
  }
  return needed;
}

function knownInputs({ inputs }: Wanted): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [name, hash] of Object.entries(inputs)) if (hash !== null) known[name] = hash;
  return known;
}
