import { assertEquals } from "@std/assert";
import { chooseWeights } from "../../../../pipeline/weights/choose_weights.ts";
import { DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";

const fetched = () => Promise.resolve();
const notFetched = () => Promise.reject(new Error("Cannot use the weights in full: expected two files, got none"));
const ownPhotos = { ...DEFAULT_SETTINGS, data: "photos" };

Deno.test("chooseWeights() takes the full set for one's own photos as soon as it has been fetched", async () => {
  const before = await chooseWeights(ownPhotos, notFetched);
  assertEquals(before.weights, "mini");
  assertEquals((await chooseWeights(before, fetched)).weights, "full");
});

Deno.test("chooseWeights() leaves the user's word, and the sample's mini weights, as they are", async () => {
  const said = { ...ownPhotos, weights: "mini", weightsByDefault: false };
  assertEquals(await chooseWeights(said, fetched), said);
  assertEquals(await chooseWeights(DEFAULT_SETTINGS, fetched), DEFAULT_SETTINGS);
});
