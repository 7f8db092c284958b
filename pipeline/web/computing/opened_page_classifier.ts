import { plainSquares } from "../../../data/picture/batches/plain_squares.ts";
import { whiteBorder } from "../../../data/picture/facts/borders.ts";
import { type Pixels, wholeBox } from "../../../data/picture/pixels.ts";
import { sigmoid } from "../../../model/logits.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import type { Predictor } from "../../classifier/classifier.ts";
import { openLastPart } from "../../classifier/open_last_part.ts";
import type { EvidenceMap } from "../../evidence/evidence_map.ts";
import { mapOf, valuesToSee } from "../../evidence/map_of.ts";
import { extractedOutputs } from "../../features/backbone_outputs.ts";
import { FeatureExtractor, featureGroups } from "../../features/extract/feature_extractor.ts";
import { tensorsBelow } from "./named_tensors.ts";
import { LAST_STATE, type PageClassifier } from "./page_classifier.ts";
import type { PageEngine } from "./page_engine.ts";

/** A run's classifier on an engine of a browser: pixels in, P(dog) and where it is seen out. */
export class OpenedPageClassifier {
  private constructor(
    readonly engine: PageEngine,
    readonly trims: boolean,
    readonly backbones: readonly Backbone[],
    readonly extractor: FeatureExtractor,
    readonly predictor: Predictor,
  ) {}

  static async open(
    { trims, backbones: described, last }: PageClassifier,
    tensors: TensorMap,
    engine: PageEngine,
  ): Promise<OpenedPageClassifier> {
    const backbones = described.map(({ prefix, ...backbone }): Backbone => ({
      ...backbone,
      weights: tensorsBelow(tensors, `${prefix}.`),
      untrained: [],
    }));
    const predictor = await openLastPart(last, tensorsBelow(tensors, LAST_STATE), engine);
    const values = valuesToSee(predictor, backbones);
    const extractor = await FeatureExtractor.create(engine, backbones, { givesCutPoints: false, values });
    return new OpenedPageClassifier(engine, trims, backbones, extractor, predictor);
  }

  /**
   * What the classifier says of a picture, and then where in it that is seen.
   * @param predicted is told P(dog) as soon as it is known: the map may take much longer
   * @throws Error when what was computed is no number.
   */
  async look(pixels: Pixels, predicted: (pDog: number) => void): Promise<EvidenceMap> {
    const { backbones, extractor, predictor, engine } = this;
    const box = this.trims ? whiteBorder(pixels) : wholeBox(pixels);
    const inputs = plainSquares(pixels, box, backbones.map(({ network }) => network.inputShape.height));
    const groups = featureGroups(backbones);
    const { extracted, values } = await extractor.extractWithValues(inputs);
    const outputs = extractedOutputs(extracted, groups);
    const [logit] = await predictor.logits(outputs);
    if (!Number.isFinite(logit)) throw new Error(`Cannot compute on ${engine.device}: expected numbers, got none`);
    predicted(sigmoid(logit));
    const { batchSize } = engine;
    const seeing = { backbones, groups, extractor, predictor, batchSize };
    return await mapOf(seeing, { inputs, outputs, values, logit }, { box, width: pixels.width, height: pixels.height });
  }
}
