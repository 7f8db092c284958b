import { STAGES } from "../../mod.ts";
import { RunContext } from "../../runner/run_context.ts";
import type { Config } from "../../settings/config.ts";
import { linesTo } from "../../terminal/lines_to.ts";
import { messageOf } from "../../files/user_error.ts";

/**
 * All that a run's stages read from outside it but the weights, by the size and time of each file: another text when a
 * photo or the review has come, gone or changed. What cannot be looked at is told by why.
 */
export async function outsideStamp(config: Config, signal: AbortSignal): Promise<string> {
  const context = await RunContext.open(config, linesTo(), signal);
  const tools = {
    ...context.outside,
    hashOf: (_: string, stamp: unknown) => Promise.resolve(JSON.stringify(stamp)),
    weightsHash: () => Promise.resolve(""),
  };
  try {
    const stamps: unknown[] = [];
    for (const stage of STAGES) stamps.push(await stage.external(config, tools).catch(messageOf));
    return JSON.stringify(stamps);
  } finally {
    await context.close();
  }
}
