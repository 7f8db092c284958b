import { type CommandName, COMMANDS } from "../../../pipeline/commands/options/options.ts";
import { readArguments } from "../../../pipeline/commands/options/read_arguments.ts";
import type { Arguments } from "../../../pipeline/commands/options/options.ts";
import { evaluateCommand } from "../../../pipeline/commands/evaluate.ts";
import { exportCommand } from "../../../pipeline/commands/export.ts";
import { pipelineCommand, stageCommand } from "../../../pipeline/commands/pipeline.ts";
import { predictCommand } from "../../../pipeline/commands/predict.ts";
import { sampleCommand } from "../../../pipeline/commands/sample.ts";
import { statusCommand } from "../../../pipeline/commands/status.ts";
import { explain } from "../../../pipeline/commands/endings/explain.ts";
import { standardError } from "../../../pipeline/terminal/progress.ts";
import { command } from "../../end_to_end/command_line.ts";
import type { Manner } from "../steps.ts";

/** How a command ended. */
export interface End {
  readonly how: "well" | "refused" | "stopped";
  readonly text: string;
}

/** Longer than any command here takes on a busy machine. */
const PATIENCE_MILLISECONDS = 120_000;

/** `weights` is not among them: it writes into the repository that it is part of. */
const RUN: Partial<Record<CommandName, (given: Arguments, signal: AbortSignal) => Promise<void>>> = {
  pipeline: pipelineCommand,
  stage: stageCommand,
  status: statusCommand,
  evaluate: evaluateCommand,
  predict: predictCommand,
  sample: sampleCommand,
  export: exportCommand,
};

/** Gives a command in a user's home, and waits for its end. */
export function runCommand(words: readonly string[], home: string, manner: Manner): Promise<End> {
  switch (manner.kind) {
    case "here":
      return runHere(home, (signal) => commandOf(words, signal));
    case "stopped here":
      return runHere(home, (signal) => commandOf(words, signal), manner.after);
    case "process":
      return runProcess(words, home);
    case "killed":
      return runProcess(words, home, manner);
  }
}

function commandOf([name, ...rest]: readonly string[], signal: AbortSignal): Promise<void> {
  for (const [known, run] of Object.entries(RUN)) {
    if (known !== name) continue;
    return run(readArguments(Object.entries(COMMANDS).filter(([each]) => each === name)[0][1], rest), signal);
  }
  throw new RangeError(`Cannot run ${name} here: expected one of ${Object.keys(RUN)}, got ${name}`);
}

/** Does something in a user's home as this process, quietly, and stops it after some milliseconds where asked to. */
export async function runHere(
  home: string,
  work: (signal: AbortSignal) => Promise<unknown>,
  stopAfter = PATIENCE_MILLISECONDS,
): Promise<End> {
  const [folder, log, write] = [Deno.cwd(), console.log, standardError.write];
  const lines: string[] = [];
  console.log = (...words: unknown[]) => void lines.push(`${words.join(" ")}\n`);
  standardError.write = (text) => void lines.push(text);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error("Cannot go on: stopped")), stopAfter);
  Deno.chdir(home);
  try {
    await work(stop.signal);
    return { how: "well", text: lines.join("") };
  } catch (thrown) {
    return { how: stop.signal.aborted ? "stopped" : "refused", text: lines.join("") + explain(thrown) };
  } finally {
    clearTimeout(timer);
    Deno.chdir(folder);
    [console.log, standardError.write] = [log, write];
  }
}

async function runProcess(
  words: readonly string[],
  home: string,
  { signal, after }: { signal: Deno.Signal; after: number } = { signal: "SIGKILL", after: PATIENCE_MILLISECONDS },
): Promise<End> {
  const child = command(words, home).spawn();
  const output = child.output();
  const timer = setTimeout(() => {
    try {
      child.kill(signal);
    } catch (thrown) {
      // It may have ended just now.
      if (!(thrown instanceof TypeError)) throw thrown;
    }
  }, after);
  // Ctrl-C that comes before the program listens to it ends Deno itself.
  const ended = await output;
  clearTimeout(timer);
  const text = new TextDecoder().decode(ended.stdout) + new TextDecoder().decode(ended.stderr);
  if (ended.code === 0) return { how: "well", text };
  return { how: ended.signal !== null || ended.code >= 128 ? "stopped" : "refused", text };
}
