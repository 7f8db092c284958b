import { compareIds } from "../../data/id_order.ts";
import { histogram } from "../predictions/histogram.ts";

/** Bars of the histogram. */
const BINS = 20;

/** Which predictions are asked for, and in what order. */
export interface PredictionQuery {
  /** `doubt`: those nearest to one half first. */
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

/** Some of the predictions, by what is asked for. */
export function predictionPage(predictions: readonly Prediction[], query: PredictionQuery): PredictionPage {
  const { order, descending, from = 0, to = 1, offset, limit } = query;
  const search = query.search?.toLowerCase() ?? "";
  const found = predictions.filter(({ id }) => id.toLowerCase().includes(search));
  const fitting = found.filter(({ pDog }) => pDog >= from && pDog <= to);
  const sorted = fitting.toSorted((a, b) => ORDERS[order](a, b) || compareIds(a.id, b.id));
  if (descending) sorted.reverse();
  return {
    items: sorted.slice(offset, offset + limit),
    total: sorted.length,
    all: predictions.length,
    histogram: histogram(found.map(({ pDog }) => pDog), BINS),
  };
}

const ORDERS: Readonly<Record<PredictionQuery["order"], (a: Prediction, b: Prediction) => number>> = {
  "P(dog)": (a, b) => a.pDog - b.pDog,
  doubt: (a, b) => Math.abs(a.pDog - 0.5) - Math.abs(b.pDog - 0.5),
  id: () => 0,
};
