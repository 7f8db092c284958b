import { z } from "zod";
import type { Hono } from "hono";
import type { RunKnowledge } from "../../../knowledge/run_knowledge.ts";
import { keepOne } from "../../../queue/duplicate_groups.ts";
import {
  duplicateGroup,
  duplicateGroups,
  duplicatesPage,
  groupCounts,
  GROUPS_PAGE,
  type Kind,
  KINDS,
} from "../../pages/duplicates/duplicates_page.ts";
import { layout } from "../../pages/layout.ts";
import { noRunYet } from "../../pages/no_run_yet.ts";
import { htmlResponse } from "../answers/html_response.ts";
import { parametersOf } from "../answers/parameters.ts";
import { readBody } from "../answers/read_body.ts";
import { requiredKnowledge } from "../answers/required_knowledge.ts";
import { takenBack } from "../answers/taken_back.ts";
import type { Studio } from "../answers/studio.ts";

const Address = z.object({
  only: z.enum(KINDS).optional().catch(undefined),
  at: z.coerce.number().int().nonnegative().catch(0),
});

const Kept = z.object({ group: z.number().int().nonnegative(), set: z.enum(["train", "test"]), id: z.string() });

/** Photos that show the same, and which of them is kept. */
export function duplicatesRoutes(app: Hono, { feed, knowledge }: Studio): void {
  const asked = (url: string) => Address.parse(Object.fromEntries(parametersOf(url)));
  const pageOf = async (known: RunKnowledge, only: Kind | undefined, at: number) =>
    await known.duplicates({ only, offset: at, limit: GROUPS_PAGE });

  app.get("/duplicates", async ({ req }) => {
    const known = await knowledge.get();
    const { only, at } = asked(req.url);
    const content = known ? duplicatesPage(only, await pageOf(known, only, at)) : noRunYet("Duplicates");
    return htmlResponse(layout({ name: "duplicates", content, scripts: ["duplicates"] }, await feed.view()));
  });
  app.get("/duplicates/more", async ({ req }) => {
    const { only, at } = asked(req.url);
    return htmlResponse(duplicateGroups(only, await pageOf(await requiredKnowledge(knowledge), only, at), at));
  });
  app.post("/duplicates/keep", async (context) => {
    const known = await requiredKnowledge(knowledge);
    const { group: number, set, id } = await readBody(Kept, context);
    const { groups: [group] } = await known.duplicates({ offset: number, limit: 1 });
    if (!group?.members.some((member) => member.set === set && member.id === id)) return context.notFound();
    const decision = await known.decide(keepOne(group, set, id));
    feed.replanSoon();
    const dropped = decision.photos.filter(({ after }) => after === "drop").length;
    return context.json({
      said: `${id} is kept, ${dropped} dropped`,
      parts: groupCounts(await known.duplicates({ offset: 0, limit: 0 })),
      tiles: await groupsAt(known, [number]),
    });
  });
  app.post("/duplicates/undo", async (context) => {
    const known = await requiredKnowledge(knowledge);
    const undone = await known.undo();
    if (!undone) return context.json({ said: "There is nothing to undo." });
    feed.replanSoon();
    const ids = new Set(undone.decision.photos.map(({ id }) => id));
    const { groups, counts } = await known.duplicates({ offset: 0, limit: Infinity });
    const touched = groups.filter(({ members }) => members.some(({ id }) => ids.has(id)));
    return context.json({
      said: takenBack(undone),
      parts: groupCounts({ counts }),
      tiles: Object.fromEntries(touched.map((group) => [group.number, duplicateGroup(group).markup])),
    });
  });
}

/** Groups as they are now, by their numbers. */
async function groupsAt(known: RunKnowledge, numbers: readonly number[]): Promise<Record<string, string>> {
  const found = await Promise.all(numbers.map((number) => known.duplicates({ offset: number, limit: 1 })));
  return Object.fromEntries(
    found.flatMap(({ groups }) => groups).map((group) => [group.number, duplicateGroup(group).markup]),
  );
}
