import { randomFrom } from "../../../../data/random.ts";
import { Progress } from "../../../../pipeline/terminal/progress.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { CacheFolder } from "../../../../pipeline/store/cache_folder.ts";
import type { StageTools } from "../../../../pipeline/runner/stage.ts";

/** Tools that every machine has, and that keep what a stage says. */
export interface FakeTools
  extends Pick<StageTools, "cache" | "folder" | "random" | "progress" | "signal" | "say" | "warn"> {
  readonly said: string[];
  readonly warnings: string[];
}

/** What a stage is given to work with, its files in `root`. */
export function fakeTools(root: string): FakeTools {
  const said: string[] = [];
  const warnings: string[] = [];
  return {
    cache: new CacheFolder(`${root}-cache`),
    folder: new StageFolder(runFolder(root)),
    random: (purpose) => randomFrom(0, purpose),
    progress: (total, unit) => new Progress("test", total, unit, { isTerminal: false, write: () => {} }),
    signal: new AbortController().signal,
    say: (line) => void said.push(line),
    warn: (line) => void warnings.push(line),
    said,
    warnings,
  };
}

/** The same, and what it uses besides or in place of these. */
export function fakeToolsWith<Given extends Partial<StageTools>>(root: string, given: Given): FakeTools & Given {
  return { ...fakeTools(root), ...given };
}
