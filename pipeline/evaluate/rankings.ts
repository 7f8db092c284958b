import type { Engine } from "../../model/engines/engine.ts";
import { neighbourDistances } from "../../model/neighbour_distances.ts";
import { mergeRankings } from "../../model/training/merge_rankings.ts";
import { oppositeClassEvidence } from "../../model/training/opposite_class_evidence.ts";
import { labelNumbers } from "../block_classifier.ts";
import { namedBlocks } from "../feature_blocks.ts";
import { FUSED_BLOCKS } from "../feature_extractor.ts";
import type { FeatureReader } from "../feature_store.ts";
import type { Recipe } from "../recipes.ts";
import type { StageTools } from "../stage.ts";
import { judgeOutOfFold } from "../suspicion.ts";
import type { FoldedPhotos } from "./cross_validate.ts";
import { rankedBy, rankedByLoss } from "./rescan_yardstick.ts";

/** Photos in an order in which a person may look at them, the most suspicious first. */
export interface Ranking {
  readonly name: string;
  readonly ids: readonly string[];
}

/** What makes a photo suspicious whatever the recipe, in the order of the photos. */
export interface SharedSignals {
  /** Mean cosine distance to its ten nearest neighbours. */
  readonly distances: Float64Array;
  /** Log-odds of the other class in the window that speaks for it most. */
  readonly evidence: Float64Array;
}

/** The windows' regression is looser than those of whole photos: it has to judge what it was not fitted to. */
const WINDOWS_PENALTY = 1e-5;

/** Computes the signals that all recipes share. */
export async function sharedSignals(
  { photos, folds }: FoldedPhotos,
  reader: FeatureReader,
  engine: Engine,
): Promise<SharedSignals> {
  const read = (names: readonly string[]) => reader.features("train", photos.map(({ id }) => id), names);
  const blocks = namedBlocks(reader.index.blocks, FUSED_BLOCKS);
  return {
    distances: await neighbourDistances(await read(FUSED_BLOCKS), blocks, engine),
    evidence: oppositeClassEvidence({
      features: await read(["resnet.features"]),
      windows: await read(["resnet.layer4.windows"]),
      labels: labelNumbers(photos),
      folds,
    }, { penalty: WINDOWS_PENALTY }),
  };
}

/**
 * All photos by each signal alone and by all in turn; and, where the recipe's rescan judges out of fold, as it ranks
 * them.
 * @param pDog of each photo, by a head that has not seen it
 */
export async function rankings(
  recipe: Recipe,
  { photos }: FoldedPhotos,
  duplicates: readonly (readonly string[])[],
  pDog: readonly number[],
  { distances, evidence }: SharedSignals,
  reader: FeatureReader,
  tools: Pick<StageTools, "engine" | "random">,
): Promise<Ranking[]> {
  const ids = photos.map(({ id }) => id);
  const byLoss = rankedByLoss(photos, pDog);
  const byDistance = rankedBy(ids, distances);
  const byEvidence = rankedBy(ids, evidence);
  const inTurn = mergeRankings([
    { ranking: byLoss, everyRounds: 1 },
    { ranking: byDistance, everyRounds: 1 },
    { ranking: byEvidence, everyRounds: 2 },
  ]);
  const found: Ranking[] = [
    { name: "out-of-fold loss", ids: byLoss },
    { name: "distance to neighbours", ids: byDistance },
    { name: "other class in a window", ids: byEvidence },
    { name: "these in turn", ids: inTurn },
  ];
  if (recipe.kind === "blocks") {
    const judged = await judgeOutOfFold(recipe, reader, photos, duplicates, tools);
    found.push({ name: "the rescan", ids: rankedBy(ids, judged.map(({ suspicion }) => suspicion)) });
  }
  return found;
}
