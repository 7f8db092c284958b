import { fromFileUrl } from "@std/path";
import type { z } from "zod";
import { Measured, type MeasuredSettings } from "./measured_run.ts";

/** A program's words on standard output, and how long it ran. */
export interface FinishedProgram {
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a program to its end.
 * @throws Error with its last words when it fails.
 */
export async function runProgram(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<FinishedProgram> {
  const started = performance.now();
  const command = new Deno.Command(program, { args: [...words], stdout: "piped", stderr: "piped", signal });
  const { code, stdout, stderr } = await command.output();
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) {
    const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
    throw new Error(
      `Cannot run ${words[0]}: expected it to end well, got status ${code}: ${lines.slice(-3).join(" ")}`,
    );
  }
  return { output: new TextDecoder().decode(stdout), seconds };
}

/** A whole run of the pipeline in a process of its own, from its start to its end. */
export async function runPipeline(
  settings: z.infer<typeof MeasuredSettings>,
  signal: AbortSignal,
): Promise<z.infer<typeof Measured> & { readonly wallSeconds: number }> {
  const script = fromFileUrl(new URL("./measured_run.ts", import.meta.url));
  const words = ["run", "-A", "--quiet", script, JSON.stringify(settings)];
  const { output, seconds } = await runProgram(Deno.execPath(), words, signal);
  return { ...Measured.parse(JSON.parse(output)), wallSeconds: seconds };
}
