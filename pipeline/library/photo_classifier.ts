import sharp from "sharp";
import { PhotoError } from "../../data/photo_error.ts";
import { readPhotoFile } from "../../data/picture/photo_file.ts";
import type { EngineName } from "../../model/engines/engine.ts";
import { openRun } from "../commands/runs/open_run.ts";
import { RunContext } from "../runner/run_context.ts";
import { openTrainedClassifier } from "../trained/finished_run.ts";
import type { PhotoToPredict, TrainedClassifier } from "../trained/trained_classifier.ts";
import { type Listener, outputTo } from "./listener.ts";

/** A picture in memory, decoded: 8-bit sRGB. */
export interface PicturePixels {
  /** Of the picture, in pixels. */
  readonly width: number;
  /** Of the picture, in pixels. */
  readonly height: number;
  /** `[height, width, 3]`, without gaps. */
  readonly data: Uint8Array;
}

/** A picture: the path of a file, the bytes of one, or pixels. */
export type Picture = string | Uint8Array | PicturePixels;

/** P(dog) of a picture, or what is wrong with it. */
export interface PictureAnswer {
  /** Which of the given pictures it is about, counted from 0. */
  readonly index: number;
  /** Not clipped; `undefined` where the picture cannot be read. */
  readonly pDog?: number;
  /** What is wrong with a picture that cannot be read. */
  readonly problem?: string;
}

/** How a classifier is opened. */
export interface OpenOptions extends Listener {
  /** What computes; by default what the run was told. */
  readonly backend?: "auto" | EngineName;
}

/** A finished run's classifier. Several calls may be under way at a time. */
export interface PhotoClassifier extends AsyncDisposable {
  /**
   * P(dog) of any number of pictures, trimmed, resized and computed in batches as the run does with its photos to
   * predict. A few batches are in memory at a time; a picture's file is read when its turn comes.
   * @returns in the order of the pictures, but for those that cannot be read, which are told as soon as that is seen
   */
  predict(pictures: Iterable<Picture>, signal?: AbortSignal): AsyncGenerator<PictureAnswer>;
  /** Frees the engine and the weights; calls under way have to have ended. Disposing of it does the same. */
  close(): Promise<void>;
}

/**
 * Opens the classifier of a finished run.
 * @param run the run's folder, such as `runs/sample`
 * @throws UserError when there is no run, or it has not come that far by the settings that it has now.
 */
export async function openClassifier(run: string, options: OpenOptions = {}): Promise<PhotoClassifier> {
  const known = await openRun({ words: [], values: new Map([["run", run]]), switches: new Set() }, "run");
  const config = { ...known, backend: options.backend ?? known.backend };
  const signal = options.signal ?? new AbortController().signal;
  const context = await RunContext.open(config, outputTo(options), signal);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => context.close());
  const classifier = await openTrainedClassifier(config, context);
  opened.defer(() => classifier.close());
  const held = opened.move();
  return {
    predict: (pictures, signal) => answers(classifier, pictures, signal),
    close: () => held.disposeAsync(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function* answers(
  classifier: TrainedClassifier,
  pictures: Iterable<Picture>,
  signal?: AbortSignal,
): AsyncGenerator<PictureAnswer> {
  for await (const [{ index }, answer] of classifier.predict(toPredict(pictures), signal)) {
    yield answer instanceof PhotoError ? { index, problem: answer.message } : { index, pDog: answer };
  }
}

interface IndexedPicture extends PhotoToPredict {
  readonly index: number;
}

function* toPredict(pictures: Iterable<Picture>): Generator<IndexedPicture> {
  let index = 0;
  for (const picture of pictures) yield { index, ...readable(picture, index++) };
}

function readable(picture: Picture, index: number): PhotoToPredict {
  if (typeof picture === "string") return { name: picture, read: () => readPhotoFile(picture) };
  const name = `picture ${index}`;
  if (picture instanceof Uint8Array) return { name, bytes: picture.byteLength, read: () => Promise.resolve(picture) };
  return { name, read: () => asFile(picture) };
}

/** Pixels as a file without loss, so that they go the one way that photos go. */
async function asFile({ width, height, data }: PicturePixels): Promise<Uint8Array> {
  if (data.length !== width * height * 3 || data.length === 0) {
    throw new PhotoError(`expected ${width}x${height} pixels in 3 bytes each, got ${data.length} bytes`);
  }
  return await sharp(data, { raw: { width, height, channels: 3 } }).png({ compressionLevel: 0 }).toBuffer();
}
