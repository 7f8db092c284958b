import { z } from "zod";
import type { Engine } from "../../../model/engines/engine.ts";
import type { Precision } from "../../settings/config.ts";
import type { StageFolder } from "../../store/run_folder.ts";

/** Lies beside features that are in 32 bits because 16 did not hold the values of these weights. */
export const WIDE_FLOATS_FILE = "wide-floats.json";

const WideFloats = z.strictObject({
  /** Of which weights, photo sizes and code that is known. */
  madeFor: z.string(),
  /** The layer in which it was found. */
  layer: z.string(),
});

/**
 * Settles whether an engine that has 16 bits uses them: not where 32 are asked for, or the values of these weights were
 * too large before, in this process or another.
 * @returns how to say in what features are computed.
 */
export async function settleFloats(
  wanted: Precision,
  engine: Engine,
  folder: StageFolder,
  madeFor: string,
): Promise<string> {
  const { halves } = engine;
  const known = halves && (halves.overflow ?? await readWideFloats(folder, madeFor));
  if (halves && (wanted === "f32" || known !== undefined)) halves.leave();
  if (known !== undefined) await folder.write(WIDE_FLOATS_FILE, JSON.stringify({ madeFor, layer: known }) + "\n");
  else if (await folder.has(WIDE_FLOATS_FILE)) await folder.remove(WIDE_FLOATS_FILE);
  return known === undefined ? engine.precision : `${engine.precision}, since 16 bits do not hold ${known}`;
}

async function readWideFloats(folder: StageFolder, madeFor: string): Promise<string | undefined> {
  if (!await folder.has(WIDE_FLOATS_FILE)) return undefined;
  const read = WideFloats.safeParse(parsed(await folder.readText(WIDE_FLOATS_FILE)));
  return read.success && read.data.madeFor === madeFor ? read.data.layer : undefined;
}

/** What is damaged is found again. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
