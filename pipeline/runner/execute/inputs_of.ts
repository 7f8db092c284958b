import { OUTPUT_FILE } from "../../store/manifest.ts";
import type { VerifiedFolder } from "../../store/verified_folder.ts";
import type { Run } from "../run.ts";
import type { Stage } from "../stage.ts";

/** What a stage reads of those that it needs, by their names. */
export interface StageInputs {
  readonly needed: ReadonlyMap<string, VerifiedFolder>;
  /** Their outputs. */
  readonly inputs: Record<string, unknown>;
}

/** Reads what the stages wrote that a stage needs. */
export async function inputsOf(stage: Stage, store: Run["store"]): Promise<StageInputs> {
  const needed = new Map<string, VerifiedFolder>();
  const inputs: Record<string, unknown> = {};
  for (const name of stage.needs) {
    const finished = await store.finished(name);
    if (!finished) throw new Error(`Cannot run stage ${stage.name}: expected ${name} to have run, got no manifest`);
    needed.set(name, finished);
    inputs[name] = JSON.parse(await finished.readText(OUTPUT_FILE));
  }
  return { needed, inputs };
}
