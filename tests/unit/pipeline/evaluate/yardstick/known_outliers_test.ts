import { assertEquals } from "@std/assert";
import { isOutlierTier, tiersIn } from "../../../../../pipeline/evaluate/yardstick/known_outliers.ts";

const MANIFEST = `file,label,bytes,outlier_tier
train/cat.1.jpg,cat,10,
train/cat.2.jpg,cat,20,wrong_label
train/dog.1.jpg,dog,30,hard_but_valid
train/dog.2.jpg,dog,30,no_animal
`;

/** The truth of a drawn sample: photos with what was planted in them. */
function truth(planted: Readonly<Record<string, string | undefined>>, generator = 1): string {
  const photos = Object.entries(planted).map(([id, planted]) => {
    const set = /^\d/.test(id) ? "test" : "train";
    return { id, set, file: `${set}/${id}.jpg`, species: "cat", planted };
  });
  return JSON.stringify({ generator, seed: 0, train: 3, test: 1, photos });
}

Deno.test("tiersIn() reads the tiers of a manifest's photos, those that are there", () => {
  const ids = ["cat.1.jpg", "cat.2.jpg", "dog.1.jpg", "dog.3.jpg"];
  assertEquals([...tiersIn("manifest.csv", MANIFEST, ids) ?? []], [
    ["cat.2.jpg", "wrong_label"],
    ["dog.1.jpg", "hard_but_valid"],
  ]);
});

Deno.test("tiersIn() takes what was planted in a drawn sample to be found, and no mere nuisance", () => {
  const text = truth({ "cat.1": "white_border", "cat.2": "no_animal", "dog.1": "exact_duplicate", "dog.2": undefined });
  const ids = ["cat.1.jpg", "cat.2.jpg", "dog.1.jpg", "dog.2.jpg"];
  assertEquals([...tiersIn("truth.json", text, ids) ?? []], [["cat.2.jpg", "no_animal"]]);
});

Deno.test("tiersIn() passes over files of another kind", () => {
  assertEquals(tiersIn("manifest.csv", "file,label\ntrain/cat.1.jpg,cat\n", ["cat.1.jpg"]), undefined);
  assertEquals(tiersIn("manifest.csv", "", []), undefined);
  assertEquals(tiersIn("manifest.csv", 'a,b\n"open,1\n', []), undefined);
  assertEquals(tiersIn("truth.json", "{}", []), undefined);
  assertEquals(tiersIn("truth.json", "no JSON", []), undefined);
  assertEquals(tiersIn("truth.json", truth({ "cat.1": "no_animal" }, 99), ["cat.1.jpg"]), undefined);
});

Deno.test("isOutlierTier() leaves out photos that are hard but valid, and those without a tier", () => {
  const tiers = ["no_animal", "drawing_or_logo", "wrong_label", "both_species", "hard_but_valid", null, undefined];
  assertEquals(tiers.map(isOutlierTier), [true, true, true, true, false, false, false]);
});
