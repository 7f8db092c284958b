import { assert, assertEquals } from "@std/assert";
import { inceptionV3 } from "../../../../../model/networks/backbones/inception_v3.ts";
import { resnet50 } from "../../../../../model/networks/backbones/resnet50.ts";
import { groupsBesides, groupsKept, rowBytes } from "../../../../../pipeline/features/cache/groups_kept.ts";
import { featureGroups } from "../../../../../pipeline/features/extract/feature_extractor.ts";
import { RECIPES } from "../../../../../pipeline/settings/recipes.ts";

const FULL = featureGroups([{ network: resnet50() }, { network: inceptionV3() }]);
const NARROW = featureGroups([{ network: resnet50({ width: 0.25 }) }, { network: inceptionV3({ width: 0.25 }) }]);

Deno.test("rowBytes() of full-size backbones leaves the competition's photos under 1.5 GB", () => {
  const [train, test] = [rowBytes("train", FULL), rowBytes("test", FULL)];
  assertEquals([train, test], [46_592, 24_576]);
  // Keys and checksums are a hundred bytes a photo at most.
  assert(25_000 * (train + 100) + 12_500 * (test + 100) < 1.5e9);
});

Deno.test("rowBytes() of narrow backbones counts features as they are, in 32 bits", () => {
  assertEquals(rowBytes("train", NARROW), 23_296);
});

Deno.test("groupsKept() gives photos to predict what their recipe reads, and labelled ones all", () => {
  for (const recipe of Object.values(RECIPES)) {
    if (recipe.kind !== "linear probe") continue;
    const kept = groupsKept("test", FULL, groupsBesides(recipe.groups));
    for (const name of recipe.groups) assert(kept.includes(name), name);
    assertEquals(kept.some((name) => name.endsWith(".windows")), false);
  }
  assertEquals(groupsKept("train", FULL, []), FULL.map(({ name }) => name));
});
