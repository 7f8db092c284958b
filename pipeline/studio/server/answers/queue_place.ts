import type { RunKnowledge } from "../../../knowledge/run_knowledge.ts";
import { type PlacedAddress, queueQuery, type ReviewAddress } from "../../pages/review/review_query.ts";

/** An address with its place: where it names none, that of the first photo that nothing is said of. */
export async function settledPlace(known: RunKnowledge, address: ReviewAddress): Promise<PlacedAddress> {
  if (address.at !== undefined || address.view === "grid") return { ...address, at: address.at ?? 0 };
  const { items } = await known.queue(queueQuery({ ...address, at: 0 }, Infinity));
  return { ...address, at: Math.max(0, items.findIndex(({ state }) => state === "undecided")) };
}

/**
 * The place of a photo among those that an address shows, or the one to look at after it: the next that nothing is said
 * of, wherever it stands. A photo that the filters no longer show has made room for the one after it.
 */
export async function placeOf(
  known: RunKnowledge,
  address: ReviewAddress,
  id: string,
  wanted: "at" | "after",
): Promise<PlacedAddress> {
  const { items } = await known.queue(queueQuery({ ...address, at: 0 }, Infinity));
  const found = items.findIndex((item) => item.id === id);
  const here = found >= 0 ? found : Math.min(address.at ?? 0, Math.max(0, items.length - 1));
  if (wanted === "at") return { ...address, at: here };
  const undecided = items.flatMap(({ state }, place) => state === "undecided" ? [place] : []);
  const first = found >= 0 ? found + 1 : here;
  const next = undecided.find((place) => place >= first) ?? undecided.at(0);
  return { ...address, at: next ?? items.length };
}
