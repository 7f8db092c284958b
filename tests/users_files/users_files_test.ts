import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { KNOWN_LOSSES } from "./known_losses.ts";
import { layouts } from "./worlds/layouts.ts";
import { type Happened, live, story } from "./live.ts";

/** Few enough for every change; `LAYOUTS=1000 LAYOUTS_SEED=7` looks further. */
const LAYOUTS = Number(Deno.env.get("LAYOUTS") ?? 15);
const SEED = Number(Deno.env.get("LAYOUTS_SEED") ?? 1);

for (const [what, layout] of Object.entries(KNOWN_LOSSES)) {
  Deno.test(`no file of the user's is touched by: ${what}`, async () => {
    const { happened, lost } = await live(layout);
    assertEquals(lost, [], `${story(layout)}\n${happened.at(-1)?.text}`);
  });
}

Deno.test(`no file of the user's is touched, in ${LAYOUTS} made-up worlds (LAYOUTS, LAYOUTS_SEED=${SEED})`, async () => {
  const ended: Happened[] = [];
  let worlds = 0;
  await fc.assert(
    fc.asyncProperty(layouts, async (layout) => {
      const { happened, lost } = await live(layout);
      ended.push(...happened);
      if (++worlds % 100 === 0) console.log(`${worlds} worlds`);
      const last = happened.at(-1);
      assert(lost.length === 0, [story(layout), ...lost, `${last?.how}: ${last?.text}`].join("\n"));
    }),
    { numRuns: LAYOUTS, seed: SEED },
  );
  const count = (how: Happened["how"]) => ended.filter((end) => end.how === how).length;
  console.log(
    `${ended.length} commands: ${count("well")} ended well, ${count("refused")} refused, ${count("stopped")} stopped`,
  );
  // Worlds in which nothing works would say nothing; of a few layouts it can be so by chance.
  assert(
    ended.length < 200 || count("well") > ended.length / 10,
    `${count("well")} of ${ended.length} commands ended well`,
  );
});
