import { join } from "@std/path";
import { parse as parseCsv } from "@std/csv/parse";
import { z } from "zod";
import type { Label } from "../../../data/labels.ts";
import { accuracy, type LabelledPrediction, logLoss } from "../../../pipeline/predictions/metrics.ts";
import { Predictions } from "../../../pipeline/predictions/predicted_photos.ts";
import { outputOf } from "../../end_to_end/run_files.ts";
import type { BenchContext } from "../context.ts";
import { spreadOf } from "../timing/measure.ts";
import { type BenchRow, failedRow, PYTORCH } from "../page/row.ts";
import { runPipeline, runProgram } from "../timing/run_pipeline.ts";

/** For four photos to learn from there is one to predict. */
const PREDICTED_SHARE = 1 / 4;
/** The runs of this project: the write-up's recipe, the default one, and that on photos of the write-up's sizes. */
const OWN_RUNS = [
  ["--recipe writeup, one epoch of fine-tuning", "writeup"],
  ["the default recipe", "linear-probe"],
  ["--recipe own-sizes", "own-sizes"],
] as const;
/** How far predictions are kept from 0 and 1 before they are judged, as in the submission. */
const CLIP = 0.005;

/** How many photos of each class a whole run takes in all. */
export function photosOfEachClass(limit: number): number {
  return learned(limit) + predicted(limit);
}

const learned = (limit: number) => Math.ceil(limit / 2);
const predicted = (limit: number) => Math.ceil(limit * PREDICTED_SHARE / 2);

/**
 * The whole run, from a folder of photos to predictions: by the write-up's program, by its recipe in this project with
 * one epoch of fine-tuning like there, and by regressions. All see the same photos, and are judged on the same labelled
 * photos that none of them learned from: those to predict.
 */
export async function pipelineRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings, folder, torch, signal, say } = context;
  const { train, test, labels } = await layOut(context);
  const work = `whole run, ${2 * learned(settings.limit)} photos to learn from, ${labels.size} to predict`;
  const judged = (pDog: ReadonlyMap<string, number>, validation: number) => {
    const predictions = [...labels].map(([id, label]): LabelledPrediction => ({ label, pDog: pDog.get(id) ?? NaN }));
    const loss = logLoss(predictions, { clip: CLIP }).toFixed(4);
    const right = (accuracy(predictions) * 100).toFixed(1);
    return `on the photos to predict: clipped log loss ${loss}, accuracy ${right}%; own validation loss ${
      validation.toFixed(4)
    }`;
  };
  const rows: BenchRow[] = [];
  const add = async (by: string, run: () => Promise<{ seconds: number; checked: string; note: string }>) => {
    signal.throwIfAborted();
    say(`${work}: ${by}`);
    try {
      const { seconds, checked, note } = await run();
      rows.push({ work, by, unit: "s", value: spreadOf([seconds]), checked, note });
    } catch (error) {
      rows.push(failedRow(work, by, "s", error));
    }
  };
  const { weights } = settings;
  for (const [by, recipe] of OWN_RUNS) {
    await add(by, async () => {
      const out = join(folder, `run-${recipe}`);
      const given = { data: train, test, weights, recipe, out, finetuneEpochs: 1 };
      const { wallSeconds, seconds, validationLoss } = await runPipeline(given, signal);
      const { test: predictions } = await outputOf(out, "predict", Predictions);
      const pDog = new Map(predictions.map(({ id, pDog }) => [id, pDog]));
      return { seconds: wallSeconds, checked: judged(pDog, validationLoss), note: longestStages(seconds) };
    });
  }
  const program = join(settings.reference, "seed_program.py");
  const reason = whyNotTheProgram(context);
  if (reason) say(`left out: seed_program.py (${reason})`);
  else {
    await add(PYTORCH, async () => {
      const out = join(folder, "run-torch");
      const words = [program, train, test, "--out", out, "--threads", String(settings.threads ?? torch?.threads ?? 1)];
      const { output, seconds } = await runProgram(settings.torch ?? "python3", words, signal);
      const submission = parseCsv(await Deno.readTextFile(join(out, "submission.csv")), { skipFirstRow: true });
      const pDog = new Map(submission.map(({ id, label }) => [`${id}.jpg`, Number(label)]));
      return {
        seconds,
        checked: judged(pDog, validationLossOf(output)),
        note: "seed_program.py, one epoch of fine-tuning",
      };
    });
  }
  return rows;
}

/** The write-up's program takes its weights from beside it: it is a peer only for a run with the same. */
function whyNotTheProgram({ torch, backbones }: BenchContext): string | undefined {
  if (!torch) return "no --torch";
  const isFull = backbones.every(({ description }) => description.width === 1);
  return isFull ? undefined : "it runs the full-size backbones, these are smaller";
}

/** Copies photos into a folder to learn from and one to predict; the latter's labels stay here. */
async function layOut({ settings: { limit }, photos, folder }: BenchContext) {
  const [train, test] = [join(folder, "train"), join(folder, "test")];
  for (const path of [train, test]) await Deno.mkdir(path, { recursive: true });
  const labels = new Map<string, Label>();
  for (const [label, paths] of [["cat", photos.cats], ["dog", photos.dogs]] as const) {
    const all = paths.slice(0, photosOfEachClass(limit));
    for (const [k, path] of all.entries()) {
      if (k < learned(limit)) {
        await Deno.copyFile(path, join(train, `${label}.${k}.jpg`));
        continue;
      }
      const id = `${labels.size + 1}.jpg`;
      await Deno.copyFile(path, join(test, id));
      labels.set(id, label);
    }
  }
  return { train, test, labels };
}

const Validated = z.object({ validation: z.object({ log_loss: z.number() }) });

/** The program prints a line of JSON for each phase; one of them tells of its validation photos. */
function validationLossOf(output: string): number {
  for (const line of output.trimEnd().split("\n")) {
    const parsed = Validated.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data.validation.log_loss;
  }
  return NaN;
}

/** Where the time went: the stages that took over a twentieth of it. */
function longestStages(seconds: Readonly<Record<string, number>>): string {
  const total = Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
  return Object.entries(seconds).filter(([, stage]) => stage > total / 20)
    .sort(([, a], [, b]) => b - a)
    .map(([name, stage]) => `${name} ${stage.toFixed(1)} s`).join(", ");
}
