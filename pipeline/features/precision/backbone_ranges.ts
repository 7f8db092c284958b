import { z } from "zod";
import type { ValueRanges } from "../../../model/networks/value_ranges.ts";
import { canonicalJson, sha256 } from "../../files/hashing.ts";
import type { ReadableFolder, StageFolder } from "../../store/run_folder.ts";

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
}

/** Keeps ranges in a stage's folder. */
export async function writeRanges(
  folder: StageFolder,
  madeFor: string,
  { measuredOn, backbones }: Omit<BackboneRanges, "hash">,
): Promise<BackboneRanges> {
  const told = { madeFor, measuredOn, backbones: backbones.map(pairsOf) };
  const seal = sha256(canonicalJson(told));
  await folder.write(RANGES_FILE, JSON.stringify({ ...told, seal }) + "\n");
  return { measuredOn, backbones, hash: seal };
}

/** The ranges in a stage's folder; `undefined` where there are none, or they are others' or not what was written. */
export async function readRanges(folder: ReadableFolder, madeFor: string): Promise<BackboneRanges | undefined> {
  if (!await folder.has(RANGES_FILE)) return undefined;
  const read = RangesFile.safeParse(jsonOf(await folder.readText(RANGES_FILE)));
  if (!read.success || read.data.madeFor !== madeFor) return undefined;
  const { seal, ...told } = read.data;
  if (sha256(canonicalJson(told)) !== seal) return undefined;
  return { measuredOn: told.measuredOn, backbones: told.backbones.map(rangesOf), hash: seal };
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
