import type { PixelBatch } from "../../data/base/pixel_batch.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import type { Predictor } from "../classifier/classifier.ts";
import { type BackboneOutputs, extractedOutputs } from "../features/backbone_outputs.ts";
import type { FeatureExtractor } from "../features/extract/feature_extractor.ts";
import { gridByContributions, summedValues } from "./by_contributions.ts";
import { type Colour, gridByOcclusion } from "./by_occlusion.ts";
import { type EvidenceMap, evidenceMap } from "./evidence_map.ts";

/** A classifier whose backbones give what `valuesToSee` names as well. */
export interface SeeingClassifier {
  readonly backbones: readonly Backbone[];
  readonly groups: readonly FeatureGroup[];
  readonly extractor: Pick<FeatureExtractor, "extract">;
  readonly predictor: Pick<Predictor, "logits" | "asSum">;
  /** Photos that it takes at a time. */
  readonly batchSize: number;
}

/** What was computed for one photo. */
export interface SeenPhoto {
  readonly inputs: readonly PixelBatch[];
  readonly outputs: BackboneOutputs;
  /** Inside each backbone. */
  readonly values: readonly TensorMap[];
  readonly logit: number;
}

/** The values inside each backbone from which a map is made. */
export function valuesToSee({ asSum }: Pick<Predictor, "asSum">, backbones: readonly Backbone[]): string[][] {
  return summedValues(asSum?.groups ?? [], backbones.map(({ network }) => network));
}

/** Where a classifier sees cat and dog in a photo: by what it adds up, or, where it is no such sum, by what it misses. */
export async function mapOf(
  { backbones, groups, extractor, predictor, batchSize }: SeeingClassifier,
  { inputs, outputs, values, logit }: SeenPhoto,
  photo: Pick<EvidenceMap, "box" | "width" | "height">,
): Promise<EvidenceMap> {
  const { asSum } = predictor;
  if (asSum) {
    const parts = await asSum.parts(outputs);
    const grid = gridByContributions(parts, backbones.map(({ network }) => network), values);
    return evidenceMap(grid, photo, { rest: parts.rest, by: "contributions" });
  }
  const colours = backbones.map(({ description: { mean: [red, green, blue] } }): Colour => [
    Math.round(255 * red),
    Math.round(255 * green),
    Math.round(255 * blue),
  ]);
  const logitsOf = async (covered: readonly PixelBatch[]) =>
    await predictor.logits(extractedOutputs(await extractor.extract(covered), groups));
  const grid = await gridByOcclusion(logit, inputs, colours, logitsOf, batchSize);
  const rest = grid.values.reduce((left, value) => left - value, logit);
  return evidenceMap(grid, photo, { rest, by: "occlusion" });
}
