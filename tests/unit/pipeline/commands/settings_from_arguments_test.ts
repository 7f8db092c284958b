import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DEFAULT_SETTINGS, RunSettings } from "../../../../pipeline/settings/config.ts";
import { COMMANDS, readArguments } from "../../../../pipeline/commands/options.ts";
import { settingsFrom } from "../../../../pipeline/commands/settings_from_arguments.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";

const settings = (words: readonly string[], known?: RunSettings) =>
  settingsFrom(readArguments(COMMANDS.pipeline, words), known);

const refusal = (words: readonly string[]) => assertThrows(() => settings(words), UserError).message;

Deno.test("settingsFrom() gives the defaults without options", () => {
  assertEquals(settings([]), DEFAULT_SETTINGS);
  assertEquals(RunSettings.parse(DEFAULT_SETTINGS), DEFAULT_SETTINGS);
});

Deno.test("settingsFrom() reads every option", () => {
  const words = "--data a --test b --weights full --recipe writeup --backend cpu --seed 7 --trim-test false --clip 0 " +
    "--cache-gb 1.5";
  assertEquals(settings(words.split(" ")), {
    data: "a",
    test: "b",
    weights: "full",
    weightsByDefault: false,
    recipe: "writeup",
    backend: "cpu",
    seed: 7,
    trimTest: false,
    clip: 0,
    cacheGigabytes: 1.5,
  });
});

Deno.test("settingsFrom() lets options win over a run's settings, and keeps the others", () => {
  const known: RunSettings = { ...DEFAULT_SETTINGS, data: "photos", seed: 3, clip: 0.01, trimTest: false };
  assertEquals(settings(["--seed", "4"], known), { ...known, seed: 4 });
});

Deno.test("settingsFrom() takes the names that recipes had before, on the command line and in a run's settings", () => {
  assertEquals(settings(["--recipe", "seed"]).recipe, "writeup");
  assertEquals(settings([], { ...DEFAULT_SETTINGS, recipe: "blocks" }).recipe, "linear-probe");
});

Deno.test("settingsFrom() names the nearest engine and recipe", () => {
  const backend = refusal(["--backend", "web-gpu"]);
  assertStringIncludes(backend, "Cannot use --backend web-gpu: expected one of auto, webgpu, onnx, wasm, cpu");
  assertStringIncludes(backend, "Did you mean webgpu?");
  assertStringIncludes(refusal(["--recipe", "writup"]), "Did you mean writeup?");
});

Deno.test("settingsFrom() takes a clip from 0 to a half", () => {
  assertEquals(settings(["--clip", "0"]).clip, 0);
  assertEquals(settings(["--clip", "0.5"]).clip, 0.5);
  for (const clip of ["2", "0.51", "-0.1", "5%", "1e-3", "half", "."]) {
    assertEquals(refusal([`--clip=${clip}`]), `Cannot use --clip ${clip}: expected a number from 0 to 0.5`);
  }
});

Deno.test("settingsFrom() takes whole numbers as seeds", () => {
  assertEquals(settings(["--seed=-1"]).seed, -1);
  for (const seed of ["1.5", "x", "99999999999999999999"]) {
    assertEquals(refusal([`--seed=${seed}`]), `Cannot use --seed ${seed}: expected a whole number`);
  }
});

Deno.test("settingsFrom() takes true and false alone for --trim-test", () => {
  assertEquals(settings(["--trim-test", "true"]).trimTest, true);
  assertEquals(refusal(["--trim-test", "no"]), "Cannot use --trim-test no: expected true or false");
});

Deno.test("settingsFrom() takes no negative disk budget", () => {
  assertEquals(settings(["--cache-gb", "0"]).cacheGigabytes, 0);
  assertEquals(refusal(["--cache-gb=-1"]), "Cannot use --cache-gb -1: expected gigabytes, 0 or more");
});

Deno.test("settingsFrom() refuses photos to predict beside the drawn sample, which has its own", () => {
  assertStringIncludes(refusal(["--test", "photos"]), "Cannot use --test: expected --data beside it");
  assertEquals(settings(["--test", "b"], { ...DEFAULT_SETTINGS, data: "a" }).test, "b");
});
