import { join } from "@std/path";
import { assertFiniteBackbones } from "../../features/extract/finite_activations.ts";
import { assertReviewNamesPhotos } from "../../review/file/assert_review_names_photos.ts";
import { PICTURE_FORMATS } from "../../../data/picture/limits/picture_format.ts";
import { type LeftOut, leftOutInFull } from "../../../data/source/left_out.ts";
import { readReview } from "../../review/file/read_review.ts";
import { REVIEW_FILE } from "../../review/file/review.ts";
import type { RunContext } from "../../runner/run_context.ts";
import type { Runner } from "../../runner/runner.ts";
import { assertPhotosOfBoth } from "../../photos/photos_of_both.ts";
import { UserError } from "../../files/user_error.ts";
import { sampleIsDrawn } from "./places/drawn_sample.ts";
import type { SettledRun } from "./settled_run.ts";

/**
 * Checks, before anything is written, all that a run works with: that its review can be followed, that there are photos
 * of both animals and to predict, that the weights open and the engine starts. What a run has used before and is as it
 * was then is not opened again.
 * @param dryRun whether nothing at all is to be written: onnxruntime itself writes into the user's cache when it is loaded
 * @param computesElsewhere whether the engine is another machine's to start
 * @throws UserError naming what is not right.
 */
export async function assertReady(
  { settings, config, known }: SettledRun,
  runner: Runner,
  { dryRun = false, computesElsewhere = false } = {},
): Promise<void> {
  const { context } = runner;
  await readReview(join(config.out, REVIEW_FILE));
  if (!config.isSample) {
    const photos = await context.photos("train");
    await assertReviewFits(context);
    const leftOut: LeftOut[] = [];
    const entries = await photos.list(() => {}, (left) => leftOut.push(left));
    await assertPhotosOfBoth(photos, entries, leftOut, context.signal);
    if (config.test !== null) {
      const isNamed = settings.test !== null && settings.test !== known?.test;
      await assertPhotosToPredict(context, config.test, isNamed);
    }
  } else if (await sampleIsDrawn(config)) await assertReviewFits(context);
  await assertUsableWeights(runner, dryRun || computesElsewhere);
  if (computesElsewhere) return;
  // A GPU may be gone; the others start where they did before.
  const { backend } = config;
  const mayNotStart = backend !== "auto" && backend !== known?.backend && !dryRun;
  if (backend === "webgpu" || mayNotStart) await context.startEngine();
}

/** Checks that a run's review names photos that there are. */
export async function assertReviewFits(context: RunContext): Promise<void> {
  const list = async () => (await (await context.photos("train")).list()).map(({ id }) => id);
  await assertReviewNamesPhotos(join(context.config.out, REVIEW_FILE), list);
}

/** Checks that photos to predict can be listed, and that there are some where they were named just now. */
async function assertPhotosToPredict(context: RunContext, test: string, isNamed: boolean): Promise<void> {
  const leftOut: LeftOut[] = [];
  const found = await (await context.photos("test")).list(() => {}, (left) => leftOut.push(left));
  if (found.length > 0 || !isNamed) return;
  throw new UserError(
    `Cannot find photos to predict: expected pictures (${PICTURE_FORMATS.join(", ")}) in ${test}, got ` +
      `${leftOutInFull(leftOut) || "none"}. Name other photos with --test, or leave it out`,
  );
}

/**
 * Opens the weights unless the run has used them, with the content that they have now. Where it has used others, these
 * are sent a made-up photo as well: in a new run `transform` tries them itself, and nothing is lost then.
 */
async function assertUsableWeights({ config, store, context }: Runner, startsNone: boolean): Promise<void> {
  const used = await store.finished("transform").then((finished) => finished?.manifest.inputs, () => undefined);
  if (used && Object.values(used).includes(await context.weightsHash())) return;
  const backbones = await context.backbones(config.hyperparameters);
  if (used && !startsNone) await assertFiniteBackbones((await context.startEngine()).engine, backbones);
}
