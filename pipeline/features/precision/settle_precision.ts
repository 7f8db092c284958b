import type { Engine } from "../../../model/engines/engine.ts";
import { multiplyAdds } from "../../../model/networks/network.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import { UserError } from "../../files/user_error.ts";
import type { StageTools } from "../../runner/stage.ts";
import type { Precision } from "../../settings/config.ts";
import type { StageFolder } from "../../store/run_folder.ts";
import { photoSizes } from "../extract/extracted_batches.ts";
import type { ScannedPhoto } from "../extract/scanned_photos.ts";
import { type BackboneRanges, RANGES_FILE, readRanges, sealedRanges } from "./backbone_ranges.ts";
import { agreedRanges, shareRanges } from "./shared_ranges.ts";
import { measureRanges } from "./measure_ranges.ts";
import { settleFloats } from "./settle_floats.ts";

/** In what numbers the frozen backbones compute. */
export interface SettledPrecision {
  /** The ranges by which they compute in 8-bit integers; without them it is in the engine's floats. */
  readonly ranges?: BackboneRanges;
  /** What tells features of this precision from others. */
  readonly name: string;
  /** The same for people. */
  readonly words: string;
}

/**
 * Multiply-adds a photo from which integers pay. Backbones of fewer, as narrow as those that come with this project
 * (3% of the full ones' work), are hardly faster by them and lose more by rounding.
 */
const LEAST_WORK = 1e9;

function workOf(backbones: readonly Backbone[]): number {
  return backbones.reduce((work, { network }) => work + multiplyAdds(network), 0);
}

/** What the ranges of some weights at some photo sizes are known by; the number is raised when others are measured. */
export function rangesKey(weightsHash: string, backbones: readonly Backbone[]): string {
  return `2 ${weightsHash} ${photoSizes(backbones).join()}`;
}

/**
 * Settles in what numbers features are computed: in integers where they are asked for, or where nobody said otherwise
 * and they pay, for large networks on a processor that is clearly faster by them. Nothing is written into the run but that 16
 * bits do not suffice. Ranges that were measured for these
 * weights and on some of these photos stay, so that photos that come or go later leave the others' features as they are. A run
 * that has none takes those that another has measured and shared, where most of their photos are among its own.
 * @param labelled the photos that ranges may be measured on.
 * @throws UserError when the engine computes no integers and is asked for them.
 */
export async function settlePrecision(
  wanted: Precision,
  engine: Engine,
  labelled: readonly ScannedPhoto[],
  tools: Pick<StageTools, "folder" | "cache" | "backbones" | "weightsHash" | "signal" | "say">,
): Promise<SettledPrecision> {
  const { integers, batchSize } = engine;
  if (wanted === "int8" && !integers) {
    throw new UserError(
      `Cannot use --precision int8: expected an engine that computes in integers, got ${engine.name}. Add --backend onnx`,
    );
  }
  const { folder, cache, signal } = tools;
  const backbones = await tools.backbones();
  const madeFor = rangesKey(await tools.weightsHash(), backbones);
  const known = keptFor(labelled, await readRanges(folder, RANGES_FILE, madeFor));
  // Once they were taken they stay, but for networks that are too small for them: there they were only asked for.
  const pays = async () =>
    workOf(backbones) >= LEAST_WORK && (known !== undefined || await integers?.isFast() === true);
  const inIntegers = integers && labelled.length > 0 && wanted !== "f32" && (wanted === "int8" || await pays());
  if (!inIntegers) {
    const words = await settleFloats(wanted, engine, folder, madeFor);
    return { name: engine.precision, words };
  }
  const measured = async () =>
    sealedRanges(madeFor, await measureRanges(labelled, { integers, backbones, batchSize, signal }));
  if (known) await shareRanges(cache, known);
  const ranges = known ?? await agreedRanges(labelled, madeFor, { cache, signal }, measured);
  const words = `int8, by the ranges of ${ranges.measuredOn.length} photos`;
  tools.say(`  precision: ${words}`);
  return { ranges, name: `int8 ${await integers.kernelBits()} ${ranges.hash}`, words };
}

/** Keeps the ranges by which features are computed beside them; where there are none, none are beside. */
export async function keepRanges({ ranges }: SettledPrecision, folder: StageFolder): Promise<void> {
  if (ranges) await folder.write(RANGES_FILE, ranges.text);
  else if (await folder.has(RANGES_FILE)) await folder.remove(RANGES_FILE);
}

/** Ranges, unless all photos that they were measured on have gone: then these are other photos, and have ranges of theirs. */
function keptFor(labelled: readonly ScannedPhoto[], ranges: BackboneRanges | undefined): BackboneRanges | undefined {
  const contents = new Set(labelled.map(({ sha256 }) => sha256));
  return ranges?.measuredOn.some((content) => contents.has(content)) ? ranges : undefined;
}
