import { listenForInterruption } from "./pipeline/commands/endings/interruption.ts";

if (import.meta.main) {
  const interruption = listenForInterruption();
  // Loading the rest takes a while, in which a signal is heard already.
  const { runCommandLine } = await import("./pipeline/commands/command_line.ts");
  Deno.exitCode = await runCommandLine(Deno.args, interruption);
}
