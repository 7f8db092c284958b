import { randomFrom } from "../../../../data/random.ts";
import { Progress } from "../../../../pipeline/terminal/progress.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import type { StageTools } from "../../../../pipeline/runner/stage.ts";

/** Tools that keep what a stage says, and have neither engine nor photos. */
export interface FakeTools extends StageTools {
  readonly said: string[];
  readonly warnings: string[];
}

/** What a stage is given to work with, its files in `root`. */
export function fakeTools(root: string, given: Partial<StageTools> = {}): FakeTools {
  const said: string[] = [];
  const warnings: string[] = [];
  const notHere = (what: string) => () => Promise.reject(new Error(`Cannot use ${what}: these tools have none`));
  return {
    folder: new StageFolder(runFolder(root)),
    inputFolder: (stage) => new StageFolder(runFolder(`${root}/../${stage}`)),
    runFolder: new StageFolder(runFolder(`${root}/..`)),
    random: (purpose) => randomFrom(0, purpose),
    progress: (total, unit) => new Progress("test", total, unit, { isTerminal: false, write: () => {} }),
    signal: new AbortController().signal,
    engine: notHere("an engine"),
    backbones: notHere("backbones"),
    photos: notHere("photos"),
    recipe: RECIPES["linear-probe"],
    weightsHash: notHere("weights"),
    hashOf: notHere("hashes"),
    records: notHere("records"),
    say: (line) => void said.push(line),
    warn: (line) => void warnings.push(line),
    said,
    warnings,
    ...given,
  };
}
