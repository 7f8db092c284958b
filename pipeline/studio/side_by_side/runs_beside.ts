import { basename, dirname, join } from "@std/path";
import { readKept } from "../../evaluate/results/kept_evaluations.ts";
import { ReportDetails } from "../../report/report_file.ts";
import { STAGE_NAMES } from "../../runner/stage.ts";
import { readSettings, type RunSettings } from "../../settings/config.ts";
import type { Manifest } from "../../store/manifest.ts";
import { stageFolder } from "../../store/run_folder.ts";
import { VerifiedFolder } from "../../store/verified_folder.ts";
import type { MeasuredRun } from "./measured_run.ts";

/** Where a run's folder keeps its evaluations. */
const EVALUATIONS = "evaluate";

/** The runs in the folder that a run lies in, with their evaluations, by name; what cannot be read is passed over. */
export async function runsBeside(out: string): Promise<MeasuredRun[]> {
  const folder = dirname(out);
  const names = await namesIn(folder, ({ isDirectory }) => isDirectory);
  return (await Promise.all(names.map((name) => measuredAt(join(folder, name))))).flat();
}

/** The names in a folder, sorted; none where none can be listed. */
async function namesIn(folder: string, isWanted: (entry: Deno.DirEntry) => boolean): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (isWanted(entry)) names.push(entry.name);
  } catch {
    return [];
  }
  return names.sort();
}

async function measuredAt(out: string): Promise<MeasuredRun[]> {
  const settings = await readSettings(out).catch(() => undefined);
  return settings ? [await measuredRun(out, settings), ...await evaluationsOf(out, settings)] : [];
}

async function measuredRun(out: string, settings: RunSettings): Promise<MeasuredRun> {
  const manifests = await Promise.all(STAGE_NAMES.map((stage) => manifestOf(out, stage)));
  const finished = manifests.filter((manifest) => manifest !== undefined);
  const report = finished.find(({ stage }) => stage === "report");
  const { data } = ReportDetails.safeParse(report?.details);
  return {
    name: basename(out),
    kind: "run",
    settings: settingsInWords(settings, finished.find(({ backend }) => backend !== null)?.backend),
    photos: data?.validation?.photos,
    logLoss: data?.validation?.logLoss,
    clippedLogLoss: data?.validation?.clippedLogLoss,
    accuracy: data?.validation?.accuracy,
    seconds: report ? finished.reduce((sum, { seconds }) => sum + seconds, 0) : undefined,
  };
}

async function manifestOf(out: string, stage: string): Promise<Manifest | undefined> {
  return await VerifiedFolder.open(stageFolder(out, stage), stage).then((opened) => opened?.manifest, () => undefined);
}

async function evaluationsOf(out: string, settings: RunSettings): Promise<MeasuredRun[]> {
  const folder = join(out, EVALUATIONS);
  const files = await namesIn(folder, ({ isFile, name }) => isFile && name.endsWith(".json"));
  const read = await Promise.all(files.map((file) => readKept(join(folder, file))));
  return read.flatMap((kept) => kept ? [kept.evaluation] : []).map((
    { name, folds, seed, weights, backend, clip, all },
  ) => ({
    name: `${basename(out)}: ${name} by ${folds} folds`,
    kind: "evaluation",
    settings: settingsInWords({ ...settings, recipe: name, seed, weights, clip }, backend),
    photos: all.photos,
    logLoss: all.measures.logLoss,
    clippedLogLoss: all.measures.clippedLogLoss,
    accuracy: all.measures.accuracy,
    seconds: undefined,
  }));
}

function settingsInWords(settings: RunSettings, backend: string | null | undefined): Record<string, string> {
  return {
    photos: settings.data ?? "the drawn sample",
    "to predict": settings.test ?? (settings.data === null ? "the drawn sample" : "none"),
    recipe: settings.recipe,
    weights: settings.weights,
    seed: String(settings.seed),
    engine: backend ?? "",
    precision: settings.precision,
    clip: String(settings.clip),
    "trim the photos to predict": settings.trimTest ? "yes" : "no",
  };
}
