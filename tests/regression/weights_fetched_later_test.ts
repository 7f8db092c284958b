import { assertEquals } from "@std/assert";
import { chooseWeights } from "../../pipeline/weights/choose_weights.ts";
import { DEFAULT_SETTINGS } from "../../pipeline/settings/config.ts";
import { COMMANDS } from "../../pipeline/commands/options/options.ts";
import { readArguments } from "../../pipeline/commands/options/read_arguments.ts";
import { settingsFrom } from "../../pipeline/commands/options/settings_from_arguments.ts";

const fetched = () => Promise.resolve();
const notFetched = () => Promise.reject(new Error("not there"));

// A run that had begun with mini stayed with it when the full set was fetched, as its own hint says to do.
Deno.test("a run takes the full set once it is fetched, unless --weights has ever said otherwise", async () => {
  const given = (words: string) => readArguments(COMMANDS.pipeline, words.split(" "));
  const begun = await chooseWeights(settingsFrom(given("--data photos")), notFetched);
  assertEquals(begun.weights, "mini");
  assertEquals((await chooseWeights(settingsFrom(given("--data photos"), begun), fetched)).weights, "full");

  const chosen = await chooseWeights(settingsFrom(given("--data photos --weights mini")), fetched);
  assertEquals(chosen.weights, "mini");
  assertEquals((await chooseWeights(settingsFrom(given("--data photos"), chosen), fetched)).weights, "mini");
});

Deno.test("the drawn sample takes mini, whatever was fetched", async () => {
  assertEquals((await chooseWeights(DEFAULT_SETTINGS, fetched)).weights, "mini");
});
