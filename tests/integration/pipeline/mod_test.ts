import { assertEquals } from "@std/assert";
import { STAGES } from "../../../pipeline/mod.ts";
import { STAGE_NAMES } from "../../../pipeline/runner/stage.ts";

Deno.test("STAGES holds every stage once, in the order of STAGE_NAMES", () => {
  assertEquals(STAGES.map(({ name }) => name), [...STAGE_NAMES]);
});

Deno.test("STAGES puts every stage after those that it needs", () => {
  STAGES.forEach(({ name, needs }, at) => {
    const before = STAGES.slice(0, at).map((stage) => stage.name);
    assertEquals(needs.filter((need) => !before.some((known) => known === need)), [], `${name} comes too early`);
  });
});

Deno.test("STAGES has no stage whose result nothing uses", () => {
  const used = new Set(STAGES.flatMap(({ needs }) => needs));
  assertEquals(STAGES.filter(({ name }) => !used.has(name)).map(({ name }) => name), ["report"]);
});
