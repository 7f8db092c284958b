import type { PhotoError } from "../../data/photo_error.ts";
import { chosenFit } from "../classifier/chosen_fit.ts";
import type { RunFigures } from "../compared/run_figures.ts";
import type { EvidenceMap } from "../evidence/evidence_map.ts";
import { RunOutputs } from "../finished/run_outputs.ts";
import { UserError } from "../files/user_error.ts";
import { yieldToEventLoop } from "../files/yield_to_event_loop.ts";
import type { NearestPhotos } from "../neighbours/photo_neighbours.ts";
import type { Review } from "../review/file/review.ts";
import { orderInWords } from "../outliers/order_in_words.ts";
import type { PredictionPage, PredictionQuery } from "../predicted/prediction_list.ts";
import { validationEstimates } from "../predictions/validation_estimates.ts";
import { type DuplicatesPage, duplicatesPage, type DuplicatesQuery } from "../queue/duplicate_groups.ts";
import { queueNotes, queueOf, type QueuePage, queuePage, type QueueQuery } from "../queue/review_queue.ts";
import { RunReviewFiles } from "../review/review_files.ts";
import { type Decision, ReviewJournal, type Undone } from "../review/review_journal.ts";
import { type Change, wordOf } from "../review/word.ts";
import type { StageState } from "../runner/plan/planner.ts";
import type { RunContext } from "../runner/run_context.ts";
import type { PhotoSet } from "../runner/stage.ts";
import { StageFolder } from "../store/run_folder.ts";
import { RunStore } from "../store/run_store.ts";
import { Thumbnails, THUMBNAILS_FOLDER } from "../thumbnails/thumbnails.ts";
import { ClassifierSight } from "./classifier_sight.ts";
import type { PhotoFacts } from "./photo_facts.ts";
import { type RunPhoto, runPhoto } from "./run_photos.ts";
import { StageReader, type StageValues } from "./stage_values.ts";
import type { TriedPicture } from "./tried_picture.ts";

/** Some of the queue, with what may be missing from it and in what order it stands, in words. */
export interface NotedQueuePage extends QueuePage {
  readonly notes: readonly string[];
  readonly order: string;
}

/**
 * All that is known of a run's photos, read from what its stages left when it is asked for, and the user's word on them.
 * A run may be under way meanwhile: what its stages leave is taken as soon as they have finished.
 */
export class RunKnowledge {
  readonly #outputs: RunOutputs;
  readonly #stages: StageReader;
  readonly #journal: ReviewJournal;
  readonly #sight: ClassifierSight;
  readonly #thumbnails: Thumbnails;
  /** What a process that was killed had begun to say is said once, when the review is first read. */
  #settled: Promise<void> | undefined;

  /** @param context of the run, open for as long as this is used */
  constructor(readonly context: RunContext) {
    this.#outputs = new RunOutputs(new RunStore(context.runFolder.run, context.cache));
    this.#stages = new StageReader(this.#outputs, () => yieldToEventLoop(context.signal));
    this.#journal = new ReviewJournal(new RunReviewFiles(context.runFolder));
    this.#sight = new ClassifierSight(context, this.#outputs);
    this.#thumbnails = new Thumbnails(new StageFolder(context.runFolder.run, THUMBNAILS_FOLDER));
  }

  /**
   * Some of the photos that deserve a look; none before the photos were scanned.
   * @param states of the stages, where somebody asked for them: what is out of date is noted then
   * @throws UserError when the review cannot be followed.
   */
  async queue(query: QueueQuery, states: readonly StageState[] = []): Promise<NotedQueuePage> {
    const stages = await this.#stages.read();
    const review = await this.#review();
    const items = stages ? queueOf(stages.doubted, stages.known, review) : [];
    return {
      ...queuePage(items, query),
      notes: stages ? queueNotes(stages.values, states) : [],
      order: orderInWords(this.context.config.hyperparameters.outliers.predicted),
    };
  }

  /** What is known of a photo, or `undefined` where the run has none of that id. */
  async photo(set: PhotoSet, id: string): Promise<PhotoFacts | undefined> {
    const stages = await this.#stages.read();
    if (set === "test") {
      if (!stages?.photo(set, id)) return undefined;
      const pDog = stages.pDogOfTest.get(id);
      return { set, id, label: null, side: "to predict", pDog, reasons: [], word: undefined };
    }
    const known = stages?.known.get(id);
    if (!known) return undefined;
    const reasons = stages?.doubted.find((photo) => photo.id === id)?.reasons ?? [];
    return { ...known, set, reasons, word: wordOf(await this.#review(), id) };
  }

  /** The photos most like one, or `undefined` where the backbones have not seen it. */
  async nearest(set: PhotoSet, id: string): Promise<NearestPhotos | undefined> {
    const stages = await this.#stages.read();
    return stages && await this.#sight.nearest(set, id, labelsOf(stages));
  }

  /**
   * Where cat and dog are seen in a photo, or `undefined` where the run has none of that id.
   * @throws UserError where the run has no classifier yet, PhotoError where the photo can no longer be read.
   */
  async evidence(set: PhotoSet, id: string): Promise<EvidenceMap | undefined> {
    const photo = await this.#photo(set, id);
    if (!photo) return undefined;
    const { box, width, height, read } = photo;
    return (await this.#sight.evidence({ name: id, bytes: await read(), box, width, height })).map;
  }

  /** A small JPEG of a photo, or `undefined` where the run has none of that id. */
  async thumbnail(set: PhotoSet, id: string): Promise<Uint8Array | undefined> {
    const photo = await this.#photo(set, id);
    return photo && await this.#thumbnails.of(photo);
  }

  /** A JPEG of a whole photo, or `undefined` where the run has none of that id. */
  async picture(set: PhotoSet, id: string): Promise<Uint8Array | undefined> {
    const photo = await this.#photo(set, id);
    return photo && await this.#thumbnails.large(photo);
  }

  /**
   * Gives photos the user's word, in the review at once.
   * @throws UserError when the run has no such photo, or the review cannot be followed or written.
   */
  async decide(changes: readonly Change[]): Promise<Decision> {
    const stages = await this.#stages.read();
    const unknown = changes.find(({ id }) => !stages?.known.has(id));
    if (unknown) {
      throw new UserError(
        `Cannot decide on ${unknown.id}: expected a photo of the training folder, got none of that name`,
      );
    }
    return await this.#journal.decide(changes);
  }

  /** Takes the last decision back; `undefined` where there is none. */
  async undo(): Promise<Undone | undefined> {
    return await this.#journal.undo();
  }

  /** Some of the groups of photos that show the same. */
  async duplicates(query: DuplicatesQuery): Promise<DuplicatesPage> {
    const groups = (await this.#stages.read())?.groups(await this.#review()) ?? [];
    return duplicatesPage(groups, query);
  }

  /** Some of the photos to predict, or `undefined` where none are predicted yet. */
  async predictions(query: PredictionQuery): Promise<PredictionPage | undefined> {
    return (await this.#stages.read())?.predictions?.page(query);
  }

  /**
   * What the classifier sees in any picture.
   * @throws UserError where the run has no classifier yet.
   */
  async tryPicture(bytes: Uint8Array, name: string): Promise<TriedPicture | PhotoError> {
    const stages = await this.#stages.read();
    return await this.#sight.look(name, bytes, stages ? labelsOf(stages) : () => undefined);
  }

  /** Puts together what is known, so that the first page of photos does not wait for it. */
  async prepare(): Promise<void> {
    await this.#stages.read();
  }

  /** Opens what looking at pictures takes, so that the first one does not wait for it. */
  async warm(): Promise<void> {
    await this.#sight.warm();
  }

  /** What the run came to, or `undefined` where it has not predicted. */
  async figures(): Promise<RunFigures | undefined> {
    const [predict, finetune, rescan] = await Promise.all([
      this.#outputs.predict.read(),
      this.#outputs.finetune.read(),
      this.#outputs.rescan.read(),
    ]);
    if (!predict || !finetune || !rescan) return undefined;
    const { validation, test } = predict.output;
    return {
      classifier: chosenFit(finetune.output).classifier,
      estimates: validationEstimates(
        validation,
        this.context.config.clip,
        this.context.random("report validation estimates"),
      ),
      setAside: rescan.output.outliers.filter(({ verdict }) => verdict === "set aside").length,
      clip: this.context.config.clip,
      validation,
      test,
    };
  }

  async close(): Promise<void> {
    await this.#sight.close();
  }

  async #photo(set: PhotoSet, id: string): Promise<RunPhoto | undefined> {
    const stages = await this.#stages.read();
    return stages && await runPhoto(set, id, stages, this.context);
  }

  async #review(): Promise<Review> {
    // What cannot be written now is when something is next decided.
    this.#settled ??= this.#journal.settle().catch(() => {});
    await this.#settled;
    return await this.#journal.review();
  }
}

/** The label that a photo counts under; of those that take part in nothing none. */
function labelsOf({ known }: StageValues) {
  return (id: string) => {
    const photo = known.get(id);
    return photo === undefined || photo.side === "left out" ? undefined : photo.label ?? undefined;
  };
}
