import { stringify } from "@std/csv/stringify";
import { entryOf } from "../../data/base/entry_of.ts";
import { openPhotoSource } from "../../data/source/photo_source.ts";
import { PhotoError } from "../../data/photo_error.ts";
import { PICTURE_FORMATS } from "../../data/picture/limits/picture_format.ts";
import { type LeftOut, leftOutInFull } from "../../data/source/left_out.ts";
import { readPhotoFile } from "../../data/picture/photo_file.ts";
import { predictedLabel } from "../predictions/metrics.ts";
import type { Arguments } from "./options/options.ts";
import { printLines } from "../terminal/print.ts";
import { Progress, sayLine, standardError } from "../terminal/progress.ts";
import { settingsFrom } from "./options/settings_from_arguments.ts";
import { spreadsheetCell } from "../terminal/spreadsheet_cell.ts";
import { alignedTable, TABLE_WIDTH } from "../terminal/table.ts";
import { UserError } from "../files/user_error.ts";
import { RunContext } from "../runner/run_context.ts";
import type { PhotoToPredict, TrainedClassifier } from "../trained/trained_classifier.ts";
import { openTrainedClassifier } from "../trained/finished_run.ts";
import { openRun } from "./runs/open_run.ts";

/** Failures that the error at the end tells in full. */
const FAILURES_TOLD = 20;

interface PhotoPrediction {
  readonly photo: string;
  readonly pDog: number;
  readonly label: "cat" | "dog";
}

/** `deno task predict`: P(dog) of photos. What cannot be read is told, and the others are predicted all the same. */
export async function predictCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  if (given.words.length === 0) {
    throw new UserError("Cannot predict: expected photos or folders, got none. Try deno task predict PHOTO.jpg");
  }
  const { backend } = settingsFrom(given);
  const known = await openRun(given, "run");
  const config = given.values.has("backend") ? { ...known, backend } : known;
  const context = await RunContext.open(config, standardError, signal);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => context.close());
  const photos: PhotoToPredict[] = [];
  for (const path of given.words) {
    for (const photo of await photosAt(path, opened)) photos.push(photo);
  }
  const classifier = await openTrainedClassifier(config, context);
  opened.defer(() => classifier.close());
  const { predictions, failures } = await predicted(photos, classifier, signal);
  const isForPrograms = given.switches.has("json") || given.switches.has("csv");
  if (predictions.length > 0 || isForPrograms) await printLines(formatted(predictions, given));
  if (failures.length > 0) {
    throw new UserError(`Cannot predict ${failures.length} of ${photos.length} photos: ${firstOf(failures)}`);
  }
}

/** P(dog) of photos in their order, and in a line each what is wrong with those that cannot be read. */
async function predicted(
  photos: readonly PhotoToPredict[],
  classifier: TrainedClassifier,
  signal: AbortSignal,
): Promise<{ predictions: PhotoPrediction[]; failures: string[] }> {
  const results = new Map<PhotoToPredict, number | PhotoError>();
  const progress = new Progress("predict", photos.length, "photos", standardError);
  try {
    for await (const [photo, result] of classifier.predict(photos, signal)) {
      results.set(photo, result);
      progress.advance();
    }
  } finally {
    progress.finish();
  }
  const predictions: PhotoPrediction[] = [];
  const failures: string[] = [];
  for (const photo of photos) {
    const result = entryOf(results, photo, "the prediction of a photo");
    if (result instanceof PhotoError) failures.push(`${photo.name}: ${result.message}`);
    else predictions.push({ photo: photo.name, pDog: result, label: predictedLabel(result) });
  }
  return { predictions, failures };
}

/** The photos at a path: the file itself, or all in a folder or zip, which is open until `opened` is disposed of. */
async function photosAt(path: string, opened: AsyncDisposableStack): Promise<PhotoToPredict[]> {
  const found = await Deno.stat(path).catch(() => undefined);
  // Of what is not there, reading it says so.
  if (!found?.isDirectory && !path.toLowerCase().endsWith(".zip")) {
    return [{ name: path, bytes: found?.size, read: () => readPhotoFile(path) }];
  }
  const source = await openPhotoSource(path);
  opened.defer(() => source.close());
  const warn = (line: string) => sayLine(standardError, `warning: ${path}: ${line}`);
  const leftOut: LeftOut[] = [];
  const entries = await source.list(warn, (left) => leftOut.push(left));
  const told = leftOutInFull(leftOut);
  if (entries.length === 0) {
    throw new UserError(
      `Cannot predict ${path}: expected pictures (${PICTURE_FORMATS.join(", ")}) in it, got ${told || "none"}`,
    );
  }
  if (told !== "") warn(`left out: ${told}`);
  const folder = path.replace(/\/+$/, "");
  return entries.map(({ id, bytes }) => ({ name: `${folder}/${id}`, bytes, read: () => source.read(id) }));
}

/** The first few failures: a folder of them would fill the screen. */
function firstOf(failures: readonly string[]): string {
  const more = failures.length - FAILURES_TOLD;
  return failures.slice(0, FAILURES_TOLD).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function formatted(predictions: readonly PhotoPrediction[], given: Arguments): string {
  if (given.switches.has("json")) return JSON.stringify(predictions, null, 2);
  const isCsv = given.switches.has("csv");
  const rows = predictions.map(({ photo, pDog, label }) => [
    isCsv ? spreadsheetCell(photo) : photo,
    pDog.toFixed(6),
    label,
  ]);
  const headings = ["photo", "P(dog)", "label"];
  return isCsv ? stringify([headings, ...rows]).trimEnd() : alignedTable(headings, rows, TABLE_WIDTH);
}
