import { z } from "zod";
import type { ValueRanges } from "../../../model/networks/value_ranges.ts";
import { canonicalJson, sha256 } from "../../files/hashing.ts";
import type { ReadableFolder } from "../../store/run_folder.ts";

/** The ranges of both backbones' values, kept beside the features that were computed with them. */
export const RANGES_FILE = "ranges.json";

const Range = z.tuple([z.number(), z.number()]);

const RangesFile = z.strictObject({
  /** Of which weights, photo sizes and code they are. */
  madeFor: z.string(),
  /** The contents of the photos that they were measured on. */
  measuredOn: z.array(z.string()).min(1),
  /** For each backbone its values' least and greatest entries, by name. */
  backbones: z.array(z.record(z.string(), Range)),
  /** A hash of all of that. */
  seal: z.string(),
});

/** What was measured of both backbones, in their order. */
export interface BackboneRanges {
  /** The contents of the photos that they were measured on, as SHA-256. */
  readonly measuredOn: readonly string[];
  readonly backbones: readonly ValueRanges[];
  /** Names these ranges among all others. */
  readonly hash: string;
  /** The file that they are kept in. */
  readonly text: string;
}

/** Ranges with what names them, and as they are kept. */
export function sealedRanges(
  madeFor: string,
  { measuredOn, backbones }: Pick<BackboneRanges, "measuredOn" | "backbones">,
): BackboneRanges {
  const told = { madeFor, measuredOn, backbones: backbones.map(pairsOf) };
  const seal = sha256(canonicalJson(told));
  return { measuredOn, backbones, hash: seal, text: JSON.stringify({ ...told, seal }) + "\n" };
}

/** The ranges in a folder; `undefined` where there are none, or they are others' or not what was written. */
export async function readRanges(
  folder: ReadableFolder,
  file: string,
  madeFor: string,
): Promise<BackboneRanges | undefined> {
  if (!await folder.has(file)) return undefined;
  const text = await folder.readText(file);
  const read = RangesFile.safeParse(jsonOf(text));
  if (!read.success || read.data.madeFor !== madeFor) return undefined;
  const { seal, ...told } = read.data;
  if (sha256(canonicalJson(told)) !== seal) return undefined;
  return { measuredOn: told.measuredOn, backbones: told.backbones.map(rangesOf), hash: seal, text };
}

/** The weights that a kept text's ranges are for, as `rangesKey` names them; `undefined` where it is of something else. */
export function rangesMadeFor(text: string): string | undefined {
  return RangesFile.safeParse(jsonOf(text)).data?.madeFor;
}

type Pairs = z.infer<typeof RangesFile>["backbones"][number];

function pairsOf(ranges: ValueRanges): Pairs {
  return Object.fromEntries([...ranges].map(([name, { least, greatest }]) => [name, [least, greatest]]));
}

function rangesOf(pairs: Pairs): ValueRanges {
  return new Map(Object.entries(pairs).map(([name, [least, greatest]]) => [name, { least, greatest }]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
