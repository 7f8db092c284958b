import { z } from "zod";
import { fusionHead } from "../../model/networks/fusion_net.ts";
import { initialHead } from "../../model/networks/head.ts";
import { namedBlocks, widthOf } from "../features/feature_groups.ts";
import { FUSED_BLOCKS } from "../features/feature_extractor.ts";
import { FeatureReader, type RowPlaces, TrainFeatureIndex } from "../features/feature_store.ts";
import { fitBlocks } from "../classifier/linear_probe.ts";
import { fit, fittedResult, UntimedFit } from "../classifier/fit.ts";
import { type LabelledId, ScannedTrainPhotos, SplitPhotos } from "../photos/photo.ts";
import { headNumbers, type Recipe } from "../settings/recipes.ts";
import { defineStage } from "../runner/stage.ts";

/** Trains the head on the features of the frozen backbones. */
export const train = defineStage({
  name: "train",
  version: 2,
  inputs: z.object({ scan: ScannedTrainPhotos, split: SplitPhotos, transform: TrainFeatureIndex }),
  output: UntimedFit,
  usesEngine: true,
  params: ({ seed, recipeNumbers }) => ({ seed, recipe: trainNumbers(recipeNumbers) }),
  async run({ scan, split, transform }, { recipe }, tools) {
    const reader = new FeatureReader(tools.inputFolder("transform"), transform);
    const photos = {
      train: labelledIds(split.train, scan),
      validation: labelledIds(split.validation, scan),
    };
    if (recipe.kind === "blocks") return fittedResult(await fitBlocks({ ...photos, recipe, reader }, tools), {});
    const { train: { epochs, rate }, momentum, batchSize } = recipe;
    const engine = await tools.engine();
    const head = fusionHead(fusedWidth(transform));
    const fitted = await fit({
      ...photos,
      epochs,
      batchSize,
      rates: { head: rate, tuned: 0 },
      startCounts: false,
      inputs: await featuresInMemory(reader, [...split.train, ...split.validation]),
      start: (state) => engine.train({ head, tuned: [], momentum, batchSize }, state),
      initialState: initialHead(head, tools.random("initial head")),
    }, tools);
    return fittedResult(fitted, {});
  },
});

/** Of a recipe, what the head's training depends on. */
function trainNumbers(recipe: Recipe) {
  if (recipe.kind === "blocks") return headNumbers(recipe);
  const { kind, train, momentum, batchSize } = recipe;
  return { kind, train, momentum, batchSize };
}

/** The photos of these ids with their labels, in the order of the ids. */
export function labelledIds(ids: readonly string[], scan: z.infer<typeof ScannedTrainPhotos>): LabelledId[] {
  const labels = new Map(scan.train.map(({ id, label }) => [id, label]));
  return ids.flatMap((id) => {
    const label = labels.get(id);
    return label ? [{ id, label }] : [];
  });
}

/** How many features the fused network's head reads. */
export function fusedWidth({ blocks }: Pick<RowPlaces, "blocks">): number {
  return widthOf(namedBlocks(blocks, FUSED_BLOCKS));
}

/** Reads the features of all photos once (16 KB a photo at full width) and hands them out from memory. */
export async function featuresInMemory(reader: FeatureReader, ids: readonly string[]) {
  const all = await reader.features("train", ids, FUSED_BLOCKS);
  const width = all.shape[1];
  const rows = new Map(ids.map((id, row) => [id, all.data.subarray(row * width, (row + 1) * width)]));
  return (wanted: readonly string[]) => {
    const data = new Float32Array(wanted.length * width);
    wanted.forEach((id, row) => data.set(rows.get(id) ?? [], row * width));
    return Promise.resolve([{ shape: [wanted.length, width], data }]);
  };
}
