import type { Engine } from "../../../model/engines/engine.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import { UserError } from "../../files/user_error.ts";
import type { StageTools } from "../../runner/stage.ts";
import type { Precision } from "../../settings/config.ts";
import { photoSizes, type PhotoToRead } from "../extract/photo_batches.ts";
import { type BackboneRanges, readRanges, writeRanges } from "./backbone_ranges.ts";
import { measureRanges } from "./measure_ranges.ts";

/** In what numbers the frozen backbones compute. */
export interface SettledPrecision {
  /** The ranges by which they compute in 8-bit integers; without them it is in the engine's floats. */
  readonly ranges?: BackboneRanges;
  /** What tells features of this precision from others. */
  readonly name: string;
}

/** What the ranges of some weights at some photo sizes are known by; the number is raised when others are measured. */
export function rangesKey(weightsHash: string, backbones: readonly Backbone[]): string {
  return `1 ${weightsHash} ${photoSizes(backbones).join()}`;
}

/**
 * Settles in what numbers features are computed: in integers where they are asked for, or where they are clearly faster
 * and nobody said otherwise. Ranges that were measured for these weights stay, so that photos that come or go later leave
 * the others' features as they are.
 * @param labelled the photos that ranges may be measured on.
 * @throws UserError when the engine computes no integers and is asked for them.
 */
export async function settlePrecision<Photo extends PhotoToRead>(
  wanted: Precision,
  engine: Engine,
  labelled: readonly Photo[],
  tools: Pick<StageTools, "folder" | "backbones" | "weightsHash" | "photos" | "signal" | "say">,
): Promise<SettledPrecision> {
  const { integers } = engine;
  if (wanted === "int8" && !integers) {
    throw new UserError(
      `Cannot use --precision int8: expected an engine that computes in integers, got ${engine.name}. Add --backend onnx`,
    );
  }
  const floats = { name: engine.precision };
  if (wanted === "f32" || !integers || labelled.length === 0) return floats;
  const backbones = await tools.backbones();
  const madeFor = rangesKey(await tools.weightsHash(), backbones);
  const known = await readRanges(tools.folder, madeFor);
  if (!known && wanted === "auto" && !await integers.isFast()) return floats;
  const ranges = known ?? await writeRanges(
    tools.folder,
    madeFor,
    await measureRanges(integers, backbones, labelled, engine.batchSize, tools),
  );
  tools.say(`  precision: int8, by the ranges of ${ranges.photos} photos`);
  return { ranges, name: `int8 ${await integers.kernelBits()} ${ranges.hash}` };
}
