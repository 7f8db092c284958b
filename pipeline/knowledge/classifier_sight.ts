import type { Label } from "../../data/labels.ts";
import { PhotoError } from "../../data/photo_error.ts";
import { withPixels } from "../../data/picture/decode.ts";
import { whiteBorder } from "../../data/picture/facts/borders.ts";
import { wholeBox } from "../../data/picture/pixels.ts";
import { assertFits } from "../../data/picture/photo_file.ts";
import { type Evidence, EvidenceReader, type PhotoToExplain } from "../evidence/evidence_reader.ts";
import { FeatureReader } from "../features/store/feature_store.ts";
import { Lasting } from "../finished/lasting.ts";
import type { RunOutputs } from "../finished/run_outputs.ts";
import { type NearestPhotos, PhotoNeighbours } from "../neighbours/photo_neighbours.ts";
import type { RunContext } from "../runner/run_context.ts";
import type { PhotoSet } from "../runner/stage.ts";
import { finetunedState, precisionOfRun } from "../trained/finished_run.ts";
import type { TriedPicture } from "./tried_picture.ts";

/** Photos of each class that are told of as most alike. */
const NEAREST = 6;

type LabelOf = (id: string) => Label | undefined;

/** What a run's classifier sees in photos, and which photos are alike: opened when it is first asked for. */
export class ClassifierSight {
  readonly #neighbours = new Lasting<PhotoNeighbours>();
  #opened: { readonly key: string; readonly reader: EvidenceReader } | undefined;
  /** One photo at a time: each takes all cores, and none may be at a classifier that another is replaced by. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(readonly context: RunContext, readonly outputs: RunOutputs) {}

  /**
   * What is seen in a photo.
   * @throws UserError where the run has no classifier yet, PhotoError where it is no picture.
   */
  async evidence(photo: PhotoToExplain): Promise<Evidence> {
    return await this.#withReader((reader) => reader.read(photo));
  }

  /** The photos most like one of the run's, or `undefined` where its features are not known. */
  async nearest(set: PhotoSet, id: string, labelOf: LabelOf): Promise<NearestPhotos | undefined> {
    return await (await this.#photoNeighbours())?.ofStored(set, id, NEAREST, labelOf);
  }

  /**
   * What is seen in any picture, trimmed as the run trims its photos to predict, and what it is like; or what is wrong with it.
   * @throws UserError where the run has no classifier yet.
   */
  async look(name: string, bytes: Uint8Array, labelOf: LabelOf): Promise<TriedPicture | PhotoError> {
    try {
      assertFits(bytes.length);
      const place = await withPixels(bytes, (pixels) => {
        const { width, height } = pixels;
        return { width, height, box: this.context.config.trimTest ? whiteBorder(pixels) : wholeBox(pixels) };
      });
      const neighbours = await this.#photoNeighbours();
      return await this.#withReader(async (reader) => {
        const { pDog, map, extracted } = await reader.read({ name, bytes, ...place });
        const nearest = neighbours?.of(extracted.features, reader.groups, NEAREST, labelOf) ?? { cat: [], dog: [] };
        return { name, pDog, evidence: map, nearest };
      });
    } catch (thrown) {
      if (thrown instanceof PhotoError) return thrown;
      throw thrown;
    }
  }

  /** Opens all of it, so that what is asked first is answered as quickly as what is asked later. */
  async warm(): Promise<void> {
    await Promise.all([this.#withReader(() => Promise.resolve()), this.#photoNeighbours()]);
  }

  /** Whatever still waits for its turn is refused: what it opened, nobody would close. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#inTurn(async () => await this.#closeOpened());
  }

  async #withReader<Result>(look: (reader: EvidenceReader) => Promise<Result>): Promise<Result> {
    return await this.#inTurn(async () => await look(await this.#currentReader()));
  }

  /** The classifier that the run has now. */
  async #currentReader(): Promise<EvidenceReader> {
    if (this.#isClosed) throw new Error("Cannot look at a photo: expected an open run, got one that was closed");
    const key = (await this.outputs.finetune.read())?.key ?? "none";
    if (this.#opened?.key === key) return this.#opened.reader;
    const { config, outside } = this.context;
    const state = await finetunedState(config, outside);
    const { ranges, engine } = await precisionOfRun(config, this.context);
    await this.#closeOpened();
    const reader = await EvidenceReader.open(config.hyperparameters, state, {
      engine,
      backbones: () => this.context.backbones(config.hyperparameters),
    }, ranges);
    this.#opened = { key, reader };
    return reader;
  }

  async #closeOpened(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.reader.close();
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
