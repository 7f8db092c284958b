import { z } from "zod";
import { LABELS } from "../../../../data/labels.ts";
import type { QueueQuery } from "../../../queue/review_queue.ts";

/** What the filters of the page offer, by their names in the address. */
export const FILTERS = {
  label: [...LABELS, "none"],
  reason: ["doubted label", "unlike any other", "mistake", "both labels", "duplicates", "no label", "your word"],
  side: ["train", "validation", "undersampled", "left out", "not divided yet"],
  state: ["undecided", "kept", "dropped", "relabelled"],
} as const;

/** Photos of the grid that come at a time. */
export const GRID_PAGE = 120;

/** What an address asks of the queue; what it does not understand counts as not said. */
const ReviewAddress = z.object({
  label: z.enum(FILTERS.label).optional().catch(undefined),
  reason: z.enum(FILTERS.reason).optional().catch(undefined),
  side: z.enum(FILTERS.side).optional().catch(undefined),
  state: z.enum(FILTERS.state).optional().catch(undefined),
  search: z.string().max(200).optional().catch(undefined),
  view: z.enum(["one", "grid"]).catch("one"),
  /** The place in the queue, from 0; without it the first photo that nothing is said of. */
  at: z.coerce.number().int().nonnegative().optional().catch(undefined),
});
export type ReviewAddress = Readonly<z.infer<typeof ReviewAddress>>;

/** An address whose place is settled. */
export type PlacedAddress = ReviewAddress & { readonly at: number };

/** Reads what stands in an address or a form. */
export function readReviewAddress(parameters: URLSearchParams): ReviewAddress {
  return ReviewAddress.parse(Object.fromEntries([...parameters].filter(([, value]) => value !== "")));
}

/** The same as a query of the queue. */
export function queueQuery(address: ReviewAddress, limit: number): QueueQuery {
  const { view: _, at, ...filters } = address;
  return { ...filters, offset: at ?? 0, limit };
}

/** The address of the page, with some of it changed. */
export function reviewPath(address: ReviewAddress, change: Partial<ReviewAddress> = {}, page = "/review"): string {
  const { view, at, ...filters } = { ...address, ...change };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) parameters.set(name, value);
  if (view !== "one") parameters.set("view", view);
  if (at !== undefined) parameters.set("at", String(at));
  return parameters.size > 0 ? `${page}?${parameters}` : page;
}
