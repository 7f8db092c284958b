import { chunk } from "@std/collections/chunk";
import { storedOutputs } from "../features/backbone_outputs.ts";
import type { PhotoSet } from "../runner/stage.ts";
import type { Predictor, TransformedPhotos } from "./classifier.ts";

/** What predicting many photos takes besides. */
export interface PredictOptions {
  readonly signal: AbortSignal;
  /** Told how many photos more are predicted. */
  readonly advance?: (photos: number) => void;
}

/** Logits of dog of photos that `transform` has seen, some at a time, in the order of the ids. */
export async function predictStored(
  predictor: Pick<Predictor, "batchSize" | "logits">,
  { features, cutPoints }: TransformedPhotos,
  set: PhotoSet,
  ids: readonly string[],
  { signal, advance }: PredictOptions,
): Promise<Float64Array> {
  const logits: number[] = [];
  for (const some of chunk(ids, predictor.batchSize)) {
    signal.throwIfAborted();
    logits.push(...await predictor.logits(storedOutputs(features, cutPoints, set, some)));
    advance?.(some.length);
  }
  return Float64Array.from(logits);
}
