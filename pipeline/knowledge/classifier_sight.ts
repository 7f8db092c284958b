import type { Label } from "../../data/labels.ts";
import { PhotoError } from "../../data/photo_error.ts";
import { withPixels } from "../../data/picture/decode.ts";
import { whiteBorder } from "../../data/picture/facts/borders.ts";
import { type Evidence, EvidenceReader, type PhotoToExplain } from "../evidence/evidence_reader.ts";
import { FeatureReader } from "../features/store/feature_store.ts";
import { Lasting } from "../finished/lasting.ts";
import type { RunOutputs } from "../finished/run_outputs.ts";
import { type NearestPhotos, PhotoNeighbours } from "../neighbours/photo_neighbours.ts";
import type { RunContext } from "../runner/run_context.ts";
import type { PhotoSet } from "../runner/stage.ts";
import { finetunedState } from "../trained/finished_run.ts";
import type { TriedPicture } from "./tried_picture.ts";

/** Photos of each class that are told of as most alike. */
const NEAREST = 6;

type LabelOf = (id: string) => Label | undefined;

/** What a run's classifier sees in photos, and which photos are alike: opened when it is first asked for. */
export class ClassifierSight {
  readonly #reader = new Lasting<EvidenceReader>();
  readonly #neighbours = new Lasting<PhotoNeighbours>();
  #opened: EvidenceReader | undefined;
  /** One photo at a time: each takes all cores. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(readonly context: RunContext, readonly outputs: RunOutputs) {}

  /**
   * What is seen in a photo.
   * @throws UserError where the run has no classifier yet.
   */
  async evidence(photo: PhotoToExplain): Promise<Evidence> {
    const reader = await this.#evidenceReader();
    return await this.#inTurn(() => reader.read(photo));
  }

  /** The photos most like one of the run's, or `undefined` where its features are not known. */
  async nearest(set: PhotoSet, id: string, labelOf: LabelOf): Promise<NearestPhotos | undefined> {
    return await (await this.#photoNeighbours())?.ofStored(set, id, NEAREST, labelOf);
  }

  /**
   * What is seen in any picture, trimmed as the run trims, and what it is like.
   * @throws UserError where the run has no classifier yet.
   */
  async look(name: string, bytes: Uint8Array, labelOf: LabelOf): Promise<TriedPicture | PhotoError> {
    try {
      const place = await withPixels(bytes, (pixels) => {
        const { width, height } = pixels;
        return { width, height, box: whiteBorder(pixels) };
      });
      const neighbours = await this.#photoNeighbours();
      const reader = await this.#evidenceReader();
      const { pDog, map, extracted } = await this.evidence({ name, bytes, ...place });
      const nearest = neighbours?.of(extracted.features, reader.groups, NEAREST, labelOf) ?? { cat: [], dog: [] };
      return { name, pDog, evidence: map, nearest };
    } catch (thrown) {
      if (thrown instanceof PhotoError) return thrown;
      throw thrown;
    }
  }

  /** Opens all of it, so that what is asked first is answered as quickly as what is asked later. */
  async warm(): Promise<void> {
    await Promise.all([this.#evidenceReader(), this.#photoNeighbours()]);
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => {});
    await this.#opened?.close();
    this.#opened = undefined;
  }

  async #evidenceReader(): Promise<EvidenceReader> {
    const { config, outside } = this.context;
    const key = (await this.outputs.finetune.read())?.key ?? "none";
    return await this.#reader.of(key, async () => {
      const state = await finetunedState(config, outside);
      const opened = await EvidenceReader.open(config.hyperparameters, state, {
        engine: async () => (await this.context.chosenEngine()).engine,
        backbones: () => this.context.backbones(config.hyperparameters),
      });
      const before = this.#opened;
      this.#opened = opened;
      // Whoever has begun to look with the one before ends first.
      await this.#inTurn(async () => await before?.close());
      return opened;
    });
  }

  async #photoNeighbours(): Promise<PhotoNeighbours | undefined> {
    const transform = await this.outputs.transform.read();
    return transform && await this.#neighbours.of(
      transform.key,
      () => PhotoNeighbours.load(new FeatureReader(transform.folder, transform.output), this.context.signal),
    );
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return await done;
  }
}
