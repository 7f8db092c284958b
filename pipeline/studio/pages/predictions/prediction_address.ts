import { z } from "zod";
import type { PredictionQuery } from "../../../predicted/prediction_list.ts";

/** Photos that come at a time. */
export const PREDICTIONS_PAGE = 120;

export const ORDERS = ["doubt", "P(dog)", "id"] as const;

const probability = z.coerce.number().min(0).max(1).optional().catch(undefined);

/** What an address asks of the predictions; what it does not understand counts as not said. */
const PredictionAddress = z.object({
  order: z.enum(ORDERS).catch("doubt"),
  descending: z.literal("yes").optional().catch(undefined),
  from: probability,
  to: probability,
  search: z.string().max(200).optional().catch(undefined),
  at: z.coerce.number().int().nonnegative().catch(0),
});
export type PredictionAddress = Readonly<z.infer<typeof PredictionAddress>>;

/** Reads what stands in an address. */
export function readPredictionAddress(parameters: URLSearchParams): PredictionAddress {
  return PredictionAddress.parse(Object.fromEntries([...parameters].filter(([, value]) => value !== "")));
}

/** The same as a query of the predictions. */
export function predictionQuery({ at, descending, ...address }: PredictionAddress): PredictionQuery {
  return { ...address, descending: descending === "yes", offset: at, limit: PREDICTIONS_PAGE };
}

/** The address of the page, with some of it changed. */
export function predictionPath(
  address: PredictionAddress,
  change: Partial<PredictionAddress> = {},
  page = "/predictions",
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...address, ...change })) {
    if (value !== undefined && value !== "" && !(name === "at" && value === 0)) parameters.set(name, String(value));
  }
  return `${page}?${parameters}`;
}
