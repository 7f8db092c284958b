import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../../../../pipeline/commands/options/options.ts";
import { readArguments } from "../../../../../pipeline/commands/options/read_arguments.ts";
import { rememberedText } from "../../../../../pipeline/commands/runs/remembered_text.ts";
import { DEFAULT_SETTINGS } from "../../../../../pipeline/settings/config.ts";

const given = (...words: string[]) => readArguments(COMMANDS.pipeline, words);

Deno.test("rememberedText() tells what a run remembers and is not as without it", () => {
  assertEquals(rememberedText(DEFAULT_SETTINGS, given()), "");
  const known = { ...DEFAULT_SETTINGS, data: "photos/train", clip: 0, trimTest: false };
  assertEquals(rememberedText(known, given()), "data photos/train, trim-test false, clip 0, as in the last run");
});

Deno.test("rememberedText() leaves out what is given anew, and weights that nobody named", () => {
  const known = { ...DEFAULT_SETTINGS, seed: 3, weights: "full", clip: 0 };
  assertEquals(rememberedText(known, given("--clip", "0.1")), "seed 3, as in the last run");
  const named = { ...known, weightsByDefault: false };
  assertEquals(rememberedText(named, given("--seed", "4")), "weights full, clip 0, as in the last run");
});

Deno.test("rememberedText() tells nothing that does not hold any more: photos to predict beside photos that were replaced", () => {
  const known = { ...DEFAULT_SETTINGS, data: "photos/train", test: "photos/test", clip: 0 };
  const settled = { ...known, data: "others", test: null };
  assertEquals(rememberedText(known, given("--data", "others"), settled), "clip 0, as in the last run");
});

Deno.test("rememberedText() knows every option that the help says is remembered", () => {
  const other = {
    data: "a",
    test: "b",
    weights: "full",
    weightsByDefault: false,
    recipe: "writeup",
    backend: "cpu",
    precision: "f32",
    seed: 1,
    trimTest: false,
    clip: 0,
    cacheGigabytes: 1,
    cache: "c",
  } as const;
  const told = rememberedText(other, given()).replace(", as in the last run", "").split(", ");
  assertEquals(told.map((text) => text.split(" ")[0]), COMMANDS.pipeline.remembered.map(({ name }) => name));
});
