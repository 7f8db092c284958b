import type { Run } from "../run.ts";
import type { Part, Stage } from "../stage.ts";
import { inputsOf } from "./inputs_of.ts";
import { toolsFor } from "./tools_for.ts";

/**
 * Does one part of a stage's work ahead, from what the stages before it left.
 * @returns the part's counts
 */
export async function runPart(
  stage: Stage,
  part: Part,
  { config, context, store }: Omit<Run, "stages">,
): Promise<Record<string, number>> {
  const { needed, inputs } = await inputsOf(stage, store);
  const own = { folder: store.folder(stage.name), needed, records: () => Promise.resolve([]), warnings: [] };
  return await stage.runPart(part, inputs, config, toolsFor(stage, { config, context }, own));
}
