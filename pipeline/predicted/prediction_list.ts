import { compareIds } from "../../data/id_order.ts";
import { histogram } from "../predictions/histogram.ts";

/** Bars of the histogram. */
const BINS = 20;

/** Which predictions are asked for, and in what order. */
export interface PredictionQuery {
  /** `doubt`: those nearest to one half first. Equal ones stand in the order of their ids. */
  readonly order: "P(dog)" | "doubt" | "id";
  readonly descending?: boolean;
  /** P(dog) from here to there, both included. */
  readonly from?: number;
  readonly to?: number;
  /** A part of the id, in any case. */
  readonly search?: string;
  readonly offset: number;
  readonly limit: number;
}

/** A photo to predict. */
export interface Prediction {
  readonly id: string;
  readonly pDog: number;
  /** One that cannot be read has no prediction of its own, but one half. */
  readonly readable: boolean;
}

/** Some of the predictions. */
export interface PredictionPage {
  readonly items: readonly Prediction[];
  /** How many fit. */
  readonly total: number;
  readonly all: number;
  /** How P(dog) is spread among those that the search finds, whatever their P(dog). */
  readonly histogram: readonly number[];
}

/** All predictions, put in order once, of which some are asked for at a time. */
export class PredictionList {
  readonly #ordered: Readonly<Record<PredictionQuery["order"], readonly Prediction[]>>;

  constructor(predictions: readonly Prediction[]) {
    const byId = predictions.toSorted((a, b) => compareIds(a.id, b.id));
    const doubt = ({ pDog }: Prediction) => Math.abs(pDog - 0.5);
    this.#ordered = {
      id: byId,
      "P(dog)": byId.toSorted((a, b) => a.pDog - b.pDog),
      doubt: byId.toSorted((a, b) => doubt(a) - doubt(b)),
    };
  }

  /** Some of the predictions, by what is asked for. */
  page({ order, descending = false, from = 0, to = 1, search = "", offset, limit }: PredictionQuery): PredictionPage {
    const ordered = this.#ordered[order];
    const part = search.toLowerCase();
    const found = ordered.filter(({ id }) => id.toLowerCase().includes(part));
    const fitting = found.filter(({ pDog }) => pDog >= from && pDog <= to);
    return {
      items: (descending ? fitting.toReversed() : fitting).slice(offset, offset + limit),
      total: fitting.length,
      all: ordered.length,
      histogram: histogram(found.map(({ pDog }) => pDog), BINS),
    };
  }
}
