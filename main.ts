import { closestString } from "@std/text/closest-string";
import { COMMANDS, helpOf, overview, readArguments } from "./pipeline/commands/options.ts";
import { evaluateCommand } from "./pipeline/commands/evaluate.ts";
import { exportCommand } from "./pipeline/commands/export.ts";
import { pipelineCommand, stageCommand } from "./pipeline/commands/pipeline.ts";
import { predictCommand } from "./pipeline/commands/predict.ts";
import { sampleCommand } from "./pipeline/commands/sample.ts";
import { statusCommand } from "./pipeline/commands/status.ts";
import { weightsCommand } from "./pipeline/commands/weights.ts";
import { explain } from "./pipeline/commands/explain.ts";
import type { Arguments, CommandName } from "./pipeline/commands/options.ts";
import { UserError } from "./pipeline/files/user_error.ts";

const RUN: Record<CommandName, (given: Arguments, signal: AbortSignal) => Promise<void>> = {
  pipeline: pipelineCommand,
  stage: stageCommand,
  status: statusCommand,
  evaluate: evaluateCommand,
  predict: predictCommand,
  weights: weightsCommand,
  sample: sampleCommand,
  export: exportCommand,
};

/** The exit status of a program that Ctrl-C stopped, by the shell's convention. */
const INTERRUPTED = 130;

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(RUN, name);
}

async function main(words: readonly string[], signal: AbortSignal): Promise<void> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help") return console.log(overview());
  if (!isCommand(name)) {
    const names = Object.keys(RUN);
    throw new UserError(
      `Cannot run ${name}: expected one of ${names.join(", ")}. Did you mean ${closestString(name, names)}?`,
    );
  }
  const given = readArguments(COMMANDS[name], rest);
  if (given.switches.has("help")) return console.log(helpOf(COMMANDS[name]));
  await RUN[name](given, signal);
}

if (import.meta.main) {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (interruption.signal.aborted) Deno.exit(INTERRUPTED);
      interruption.abort();
    });
  }
  try {
    await main(Deno.args, interruption.signal);
    Deno.exit(0);
  } catch (thrown) {
    if (interruption.signal.aborted) {
      console.error("Stopped. Finished work is kept: the same command goes on from here.");
      Deno.exit(INTERRUPTED);
    }
    console.error(explain(thrown));
    Deno.exit(1);
  }
}
