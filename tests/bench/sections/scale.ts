import { join } from "@std/path";
import { drawSample } from "../../../data/sample/sample_pets.ts";
import { rowBytes } from "../../../pipeline/features/cache/groups_kept.ts";
import { featureGroups } from "../../../pipeline/features/extract/feature_extractor.ts";
import { cutPointBytes } from "../../../pipeline/weights/open_backbones.ts";
import { DEFAULT_SETTINGS } from "../../../pipeline/settings/config.ts";
import { filesBelow } from "../../end_to_end/command_line.ts";
import type { BenchContext } from "../context.ts";
import { spreadOf } from "../timing/measure.ts";
import { type BenchRow, failedRow } from "../page/row.ts";
import { runPipeline } from "../timing/run_pipeline.ts";
import { lineThrough } from "../timing/straight_line.ts";

/** Kaggle's whole set. */
const COMPETITION = { train: 25_000, test: 12_500 };
/** Of each run's photos, the share that is to be predicted, near the competition's. */
const PREDICTED_SHARE = 0.2;

const GB = 1e9;

/** What a run of some photos cost. */
interface Cost {
  readonly photos: number;
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly disk: number;
}

/**
 * The default recipe's whole run on drawn photos, no two alike, at several sizes: seconds, memory and disk, a straight
 * line through them, and what that line says of the competition's whole set.
 */
export async function scaleRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings: { sizes, weights }, folder, signal, say } = context;
  const rows: BenchRow[] = [];
  const costs: Cost[] = [];
  for (const photos of sizes) {
    signal.throwIfAborted();
    const work = `whole run of ${photos} photos`;
    const sample = join(folder, `scale-${photos}`);
    const out = join(folder, `scale-run-${photos}`);
    const predicted = Math.round(photos * PREDICTED_SHARE);
    try {
      say(`drawing ${photos} photos`);
      await drawSample(sample, { seed: photos, train: photos - predicted, test: predicted, abortSignal: signal });
      say(work);
      const given = { data: join(sample, "train"), test: join(sample, "test"), weights, recipe: "linear-probe", out };
      const { wallSeconds, cpuSeconds, peakBytes } = await runPipeline(given, signal);
      const cost = { photos, wall: wallSeconds, cpu: cpuSeconds, peak: peakBytes, disk: await bytesBelow(out) };
      costs.push(cost);
      rows.push(costRow(work, cost, `all stages ended`));
    } catch (error) {
      rows.push(failedRow(work, "default recipe", "s", error));
    } finally {
      for (const path of [sample, out]) await Deno.remove(path, { recursive: true }).catch(() => {});
    }
  }
  if (costs.length > 1) rows.push(forecastRow(context, costs));
  return rows;
}

function costRow(work: string, { photos, wall, cpu, peak, disk }: Cost, checked: string): BenchRow {
  const note = `${(wall / photos * 1000).toFixed(1)} ms a photo, ${cpu.toFixed(0)} s of CPU, peak ${
    (peak / GB).toFixed(2)
  } GB of memory, ${(disk / GB).toFixed(3)} GB of disk`;
  return { work, by: "default recipe", unit: "s", value: spreadOf([wall]), checked, note };
}

/** What a straight line through the runs says of the whole set, and the disk it takes by the files' own formats. */
function forecastRow({ backbones }: BenchContext, costs: readonly Cost[]): BenchRow {
  const photos = COMPETITION.train + COMPETITION.test;
  const line = (of: (cost: Cost) => number) => lineThrough(costs.map((cost) => [cost.photos, of(cost)]));
  const at = (of: (cost: Cost) => number) => {
    const { offset, slope } = line(of);
    return offset + slope * photos;
  };
  const wall = line(({ wall }) => wall);
  const groups = featureGroups(backbones);
  const features = COMPETITION.train * rowBytes("train", groups) + COMPETITION.test * rowBytes("test", groups);
  const cutPoints = photos * cutPointBytes(backbones);
  const budget = DEFAULT_SETTINGS.cacheGigabytes;
  const fits = cutPoints / GB <= budget ? "within" : "over, so they are computed again in every epoch,";
  const cost = {
    photos,
    wall: at(({ wall }) => wall),
    cpu: at(({ cpu }) => cpu),
    // Where memory hardly grows, chance decides how a line through it points.
    peak: Math.max(...costs.map(({ peak }) => peak), at(({ peak }) => peak)),
    disk: at(({ disk }) => disk),
  };
  const work = `forecast for ${COMPETITION.train} + ${COMPETITION.test} photos`;
  const row = costRow(work, cost, `a straight line through the runs, off by ${(wall.worst * 100).toFixed(1)}% at most`);
  return {
    ...row,
    note: `${row.note}; features alone ${(features / GB).toFixed(2)} GB; a network recipe's activations ${
      (cutPoints / GB).toFixed(1)
    } GB, ${fits} the budget of ${budget} GB (--cache-gb)`,
  };
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const path of await filesBelow(folder)) bytes += (await Deno.stat(path)).size;
  return bytes;
}
