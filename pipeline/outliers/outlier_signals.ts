import { neighbourDistances } from "../../model/linear/neighbour_distances.ts";
import { mergeRankings } from "./merge_rankings.ts";
import { oppositeClassEvidence } from "../../model/linear/opposite_class_evidence.ts";
import { labelNumbers } from "../classifier/linear_probe.ts";
import { namedBlocks } from "../features/feature_groups.ts";
import { FUSED_BLOCKS } from "../features/feature_extractor.ts";
import type { FeatureReader } from "../features/feature_store.ts";
import type { FoldedPhotos } from "../photos/photo.ts";
import type { StageTools } from "../runner/stage.ts";
import { turnsFor } from "../files/yield_to_event_loop.ts";

/** What makes a photo suspicious besides its loss, in the order of the photos; no recipe's head has a part in it. */
export interface SuspicionSignals {
  /** Mean cosine distance to its ten nearest neighbours: far from all means no animal, or a drawing. */
  readonly distances: Float64Array;
  /** Log-odds of the other class in the window that speaks for it most: high for a wrong label, or both animals. */
  readonly evidence: Float64Array;
}

/** The windows' regression is looser than those of whole photos: it has to judge what it was not fitted to. */
const WINDOWS_PENALTY = 1e-5;

/** Computes the signals of photos from their stored features. */
export async function suspicionSignals(
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
  tools: Pick<StageTools, "engine" | "signal">,
): Promise<SuspicionSignals> {
  const read = (names: readonly string[]) => reader.features("train", photos.map(({ id }) => id), names);
  const blocks = namedBlocks(reader.index.blocks, FUSED_BLOCKS);
  return {
    distances: await neighbourDistances(await read(FUSED_BLOCKS), blocks, await tools.engine()),
    evidence: await oppositeClassEvidence({
      features: await read(["resnet.features"]),
      windows: await read(["resnet.layer4.windows"]),
      labels: labelNumbers(photos),
      folds,
    }, { penalty: WINDOWS_PENALTY, pause: turnsFor(tools.signal) }),
  };
}

/** The ids by a score, the highest first; equal ones by id, so that a ranking does not depend on the folder's order. */
export function rankedBy(ids: readonly string[], scores: ArrayLike<number>): string[] {
  // A score that is not a number says that something is wrong with the photo: it is looked at first.
  const rank = (score: number) => (Number.isNaN(score) ? Infinity : score);
  return ids.map((id, k) => ({ id, score: rank(scores[k]) }))
    .sort((a, b) => (a.score === b.score ? (a.id < b.id ? -1 : 1) : b.score - a.score))
    .map(({ id }) => id);
}

/** The order in which photos are looked at: by loss, distance and evidence in turn, the most suspicious first. */
export function inTurn(
  ids: readonly string[],
  losses: ArrayLike<number>,
  { distances, evidence }: SuspicionSignals,
): string[] {
  return mergeRankings(
    [losses, distances, evidence].map((scores) => ({ ranking: rankedBy(ids, scores), everyRounds: 1 })),
  );
}
