import { z } from "zod";
import type { Hono } from "hono";
import type { RunKnowledge } from "../../../knowledge/run_knowledge.ts";
import type { QueuePage } from "../../../queue/review_queue.ts";
import { Word } from "../../../review/word.ts";
import { layout } from "../../pages/layout.ts";
import { noRunYet } from "../../pages/no_run_yet.ts";
import { wordInWords } from "../../pages/photo/decision_buttons.ts";
import { appliedChanges } from "../../pages/review/applied_changes.ts";
import { applyPart } from "../../pages/review/apply_part.ts";
import { nearestPhotos } from "../../pages/review/nearest_photos.ts";
import { reviewCard } from "../../pages/review/review_card.ts";
import { gridPage, gridTile, reviewGrid } from "../../pages/review/review_grid.ts";
import { reviewCount, reviewFilters, reviewPage, reviewViews } from "../../pages/review/review_page.ts";
import {
  GRID_PAGE,
  type PlacedAddress,
  queueQuery,
  readReviewAddress,
  type ReviewAddress,
  reviewPath,
} from "../../pages/review/review_query.ts";
import { htmlResponse } from "../answers/html_response.ts";
import { parametersOf } from "../answers/parameters.ts";
import { readBody } from "../answers/read_body.ts";
import { requiredKnowledge } from "../answers/required_knowledge.ts";
import { takenBack } from "../answers/taken_back.ts";
import { placeOf, settledPlace } from "../answers/queue_place.ts";
import type { Studio } from "../answers/studio.ts";

/** Where somebody is who takes a decision back. */
const Here = z.object({ here: z.string().max(2000) });

/** What a form of the review says. */
const Decided = z.object({ ids: z.array(z.string()).min(1).max(10_000), word: Word, here: z.string().max(2000) });

/** The review: the queue, the decisions, and what applies them. */
export function reviewRoutes(app: Hono, studio: Studio): void {
  const { feed, knowledge, applied, settings } = studio;
  app.get("/review", async (context) => {
    const view = await feed.view();
    const known = await knowledge.get();
    if (!known) return htmlResponse(layout({ name: "review", content: noRunYet("Review") }, view));
    const address = await settledPlace(known, readReviewAddress(parametersOf(context.req.url)));
    const content = reviewPage({
      address,
      ...await bodyOf(known, address),
      apply: applyPart(view),
      applied: appliedChanges(applied.compared),
    });
    return htmlResponse(layout({ name: "review", content, scripts: ["review"] }, view));
  });
  app.get("/review/body", async (context) => {
    const known = await requiredKnowledge(knowledge);
    const address = await settledPlace(known, readReviewAddress(parametersOf(context.req.url)));
    return context.json(await shown(known, address));
  });
  app.get("/review/more", async (context) => {
    const known = await requiredKnowledge(knowledge);
    const address = readReviewAddress(parametersOf(context.req.url));
    return htmlResponse(
      gridPage({ ...address, at: address.at ?? 0 }, await known.queue(queueQuery(address, GRID_PAGE))),
    );
  });
  app.get("/review/near", async (context) => {
    const known = await requiredKnowledge(knowledge);
    return htmlResponse(nearestPhotos(await known.nearest("train", context.req.query("id") ?? "")));
  });
  app.post("/review/decide", async (context) => {
    const known = await requiredKnowledge(knowledge);
    const { ids, word, here } = await readBody(Decided, context);
    const decision = await known.decide(ids.map((id) => ({ id, word })));
    feed.replanSoon();
    const said = `${ids.length === 1 ? ids[0] : `${ids.length} photos`}: ${wordInWords(word)}`;
    const address = addressFrom(here);
    if (address.view === "grid") return context.json({ said, ...await tilesOf(known, address, ids) });
    return context.json({
      said,
      ...await shown(known, await placeOf(known, address, ids[0], "after")),
      id: decision.id,
    });
  });
  app.post("/review/undo", async (context) => {
    const known = await requiredKnowledge(knowledge);
    const here = (await readBody(Here, context)).here;
    const undone = await known.undo();
    if (!undone) return context.json({ said: "There is nothing to undo." });
    feed.replanSoon();
    const ids = undone.decision.photos.map(({ id }) => id);
    const said = takenBack(undone);
    const address = addressFrom(here);
    if (address.view === "grid") return context.json({ said, ...await tilesOf(known, address, ids) });
    return context.json({ said, ...await shown(known, await placeOf(known, address, ids[0], "at")) });
  });
  app.post("/review/apply", async (context) => {
    await applied.start(settings);
    return context.redirect("/review", 303);
  });
}

function addressFrom(here: string): ReviewAddress {
  return readReviewAddress(parametersOf(here));
}

async function bodyOf(known: RunKnowledge, address: PlacedAddress) {
  const queue = await known.queue(queueQuery(address, address.view === "grid" ? GRID_PAGE : 2));
  return { queue, body: address.view === "grid" ? reviewGrid(address, queue) : reviewCard(address, queue) };
}

/** What a page of the review shows at a place, as parts of it; and the place's address. */
async function shown(known: RunKnowledge, address: PlacedAddress) {
  const { queue, body } = await bodyOf(known, address);
  return {
    here: reviewPath(address),
    parts: { "review-body": body.markup, ...headOf(address, queue) },
  };
}

/** The photos of the grid that were decided on, as they are now. */
async function tilesOf(known: RunKnowledge, address: ReviewAddress, ids: readonly string[]) {
  const { state: _, ...filters } = address;
  const all = await known.queue({ ...queueQuery({ ...filters, at: 0 }, Infinity) });
  const items = new Map(all.items.map((item) => [item.id, item]));
  const tiles = ids.flatMap((id) => {
    const item = items.get(id);
    return item ? [[id, gridTile(item).markup]] : [];
  });
  const queue = await known.queue(queueQuery(address, 0));
  return { tiles: Object.fromEntries(tiles), parts: headOf(address, queue) };
}

/** The parts above the photos that count them. */
function headOf(address: ReviewAddress, queue: QueuePage): Record<string, string> {
  return {
    "review-count": reviewCount(queue).markup,
    "review-filters": reviewFilters(address, queue).markup,
    "review-views": reviewViews(address).markup,
  };
}
