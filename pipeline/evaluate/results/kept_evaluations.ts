import { basename, join } from "@std/path";
import { z } from "zod";
import { readTextIfThere } from "../../files/text_file.ts";
import { sha256 } from "../../files/hashing.ts";
import type { FoldedPhotos } from "../../photos/photo.ts";
import type { StageFolder } from "../../store/run_folder.ts";
import { Evaluation, type EvaluationFacts } from "./evaluation.ts";
import type { StoredFeatures } from "../inputs/features_for.ts";
import type { KnownOutliers } from "../yardstick/known_outliers.ts";

/** Raised when the code changes so that the same photos get another result. */
const VERSION = 2;

/** An evaluation with the hash of what it was computed from, and one over all of it, so that no edit passes for it. */
const KeptEvaluation = Evaluation.extend({ from: z.string(), seal: z.string() });

/** All that an evaluation depends on. */
export interface EvaluationInputs {
  readonly facts: Omit<EvaluationFacts, "backend" | "device">;
  readonly folded: FoldedPhotos;
  readonly known: KnownOutliers | undefined;
  readonly features: Pick<StoredFeatures, "rows" | "sizes">;
  /** The engine that the user asked for, which may train. */
  readonly backend: string;
}

/** A run's evaluations: one for each recipe, number of folds and seed. */
export class KeptEvaluations {
  /** @param below where in the run's folder they are */
  constructor(readonly run: StageFolder, readonly below: string) {}

  /** The file of an evaluation, in the run's folder. */
  fileOf(facts: Pick<Evaluation, "name" | "folds" | "seed">): string {
    return join(this.below, fileName(facts));
  }

  /** What was kept of the same inputs; `undefined` where there is nothing, or it is not as it was written. */
  async read(inputs: EvaluationInputs): Promise<Evaluation | undefined> {
    const kept = await readKept(this.run.path(this.fileOf(inputs.facts)));
    return kept?.from === hashOf(inputs) ? kept.evaluation : undefined;
  }

  async write(evaluation: Evaluation, inputs: EvaluationInputs): Promise<void> {
    const from = hashOf(inputs);
    const text = JSON.stringify({ ...evaluation, from, seal: sealOf(evaluation, from) });
    await this.run.write(this.fileOf(evaluation), `${text}\n`);
  }
}

function fileName({ name, folds, seed }: Pick<Evaluation, "name" | "folds" | "seed">): string {
  return `${name}-${folds}-folds-seed-${seed}.json`;
}

/**
 * An evaluation that a run has kept, with the hash of what it was computed from; `undefined` where there is none, or it is
 * not as it was written.
 */
export async function readKept(path: string): Promise<{ from: string; evaluation: Evaluation } | undefined> {
  try {
    const { from, seal, ...evaluation } = KeptEvaluation.parse(JSON.parse(await readTextIfThere(path) ?? ""));
    const isAsWritten = seal === sealOf(evaluation, from) && basename(path) === fileName(evaluation);
    return isAsWritten ? { from, evaluation } : undefined;
  } catch {
    return undefined;
  }
}

function hashOf({ facts, folded, known, features, backend }: EvaluationInputs): string {
  const photos = folded.photos.map(({ id, label }, k) => [id, label, folded.folds[k]]);
  const outliers = known && [known.source, [...known.tiers]];
  return sha256(JSON.stringify([VERSION, facts, photos, outliers, features.rows, features.sizes, backend]));
}

function sealOf(evaluation: Evaluation, from: string): string {
  return sha256(JSON.stringify([from, evaluation]));
}
