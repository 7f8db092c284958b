import { assertEquals, assertStringIncludes } from "@std/assert";
import type { PredictionPage } from "../../../../../../pipeline/predicted/prediction_list.ts";
import type { PredictionAddress } from "../../../../../../pipeline/studio/pages/predictions/prediction_address.ts";
import { predictionTiles } from "../../../../../../pipeline/studio/pages/predictions/predictions_page.ts";

const ADDRESS: PredictionAddress = { order: "doubt", at: 0 };

function tile(readable: boolean): string {
  const page: PredictionPage = {
    items: [{ id: "1.jpg", pDog: 0.5, readable }],
    total: 1,
    all: 1,
    histogram: [0, 1],
  };
  return predictionTiles(ADDRESS, page).markup;
}

Deno.test("predictionTiles() gives a photo that cannot be read the colour of no class", () => {
  const unreadable = tile(false);
  assertEquals(unreadable.includes("chip"), false);
  assertStringIncludes(unreadable, "cannot be read");
  assertStringIncludes(unreadable, "0.500");
  assertStringIncludes(tile(true), 'class="chip cat"');
});
