import { cacheCommand } from "./cache.ts";
import { evaluateCommand } from "./evaluate.ts";
import { exportCommand } from "./export.ts";
import { pipelineCommand, stageCommand } from "./pipeline.ts";
import { predictCommand } from "./predict.ts";
import { sampleCommand } from "./sample.ts";
import { statusCommand } from "./status.ts";
import { studioCommand } from "./studio.ts";
import { weightsCommand } from "./weights.ts";
import { explain } from "./endings/explain.ts";
import type { Interruption } from "./endings/interruption.ts";
import { helpOf, overview } from "./options/help.ts";
import { type Arguments, type Command, type CommandName, COMMANDS } from "./options/options.ts";
import { readArguments } from "./options/read_arguments.ts";
import { didYouMean } from "../terminal/did_you_mean.ts";
import { print, printLines, ReaderGone } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";
import { UserError } from "../files/user_error.ts";
import { VERSION } from "./options/version.ts";

const RUN: Record<CommandName, (given: Arguments, signal: AbortSignal) => Promise<void>> = {
  pipeline: pipelineCommand,
  stage: stageCommand,
  status: statusCommand,
  studio: studioCommand,
  evaluate: evaluateCommand,
  predict: predictCommand,
  weights: weightsCommand,
  sample: sampleCommand,
  export: exportCommand,
  cache: cacheCommand,
};

/** The exit status of a program whose reader went away, by the shell's convention: that of the signal SIGPIPE. */
const READER_GONE = 141;

/**
 * Does what the words of a command line ask for, and says on standard error why it could not.
 * @returns the exit status
 */
export async function runCommandLine(words: readonly string[], interruption: Interruption): Promise<number> {
  try {
    interruption.signal.throwIfAborted();
    await runCommand(words, interruption.signal);
    return 0;
  } catch (thrown) {
    const stopped = interruption.status();
    if (stopped !== undefined) {
      standardError.write(`${stoppedText(words)}\n`);
      return stopped;
    }
    standardError.write(`${explain(thrown)}\n`);
    return thrown instanceof ReaderGone ? READER_GONE : 1;
  }
}

/** What is said of a command that was stopped. */
function stoppedText([name = ""]: readonly string[]): string {
  const command: Command | undefined = isCommand(name) ? COMMANDS[name] : undefined;
  return command?.stopped ?? "Stopped. Finished work is kept: the same command goes on from here.";
}

async function runCommand(words: readonly string[], signal: AbortSignal): Promise<void> {
  const [name = "help", ...rest] = words;
  if (name === "--version") return await print(VERSION);
  if (["help", "--help", "-h"].includes(name)) return await printLines(helpOn(rest));
  const given = readArguments(COMMANDS[commandNamed(name)], rest);
  if (given.switches.has("help")) return await printLines(helpOn([name]));
  if (given.switches.has("version")) return await print(VERSION);
  await RUN[commandNamed(name)](given, signal);
}

/** The help on a command, or on all. */
function helpOn([name]: readonly string[]): string {
  return name === undefined ? overview() : helpOf(COMMANDS[commandNamed(name)]);
}

function commandNamed(name: string): CommandName {
  if (isCommand(name)) return name;
  const names = Object.keys(RUN);
  throw new UserError(
    `Cannot run ${name}: expected one of ${names.join(", ")}.${didYouMean(name, names)}`,
  );
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(RUN, name);
}
