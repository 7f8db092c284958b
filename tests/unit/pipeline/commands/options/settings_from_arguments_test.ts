import fc from "fast-check";
import { assertEquals, assertNotEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { randomFrom } from "../../../../../data/random.ts";
import { DEFAULT_SETTINGS, RunSettings } from "../../../../../pipeline/settings/config.ts";
import { COMMANDS } from "../../../../../pipeline/commands/options/options.ts";
import { readArguments } from "../../../../../pipeline/commands/options/read_arguments.ts";
import { settingsFrom } from "../../../../../pipeline/commands/options/settings_from_arguments.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";

const settings = (words: readonly string[], known?: RunSettings) =>
  settingsFrom(readArguments(COMMANDS.pipeline, words), known);

const refusal = (words: readonly string[]) => assertThrows(() => settings(words), UserError).message;

Deno.test("settingsFrom() gives the defaults without options", () => {
  assertEquals(settings([]), DEFAULT_SETTINGS);
  assertEquals(RunSettings.parse(DEFAULT_SETTINGS), DEFAULT_SETTINGS);
});

Deno.test("settingsFrom() reads every option", () => {
  const words = "--data a --test b --weights full --recipe writeup --backend cpu --seed 7 --trim-test false --clip 0 " +
    "--cache-gb 1.5 --precision f32 --cache c";
  assertEquals(settings(words.split(" ")), {
    data: "a",
    test: "b",
    weights: "full",
    weightsByDefault: false,
    recipe: "writeup",
    backend: "cpu",
    precision: "f32",
    seed: 7,
    trimTest: false,
    clip: 0,
    cacheGigabytes: 1.5,
    cache: "c",
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
  for (const clip of ["2", "0.51", "-0.1", "5%", "1e-3", "half", ".", "NaN"]) {
    assertEquals(
      refusal([`--clip=${clip}`]),
      `Cannot use --clip ${clip}: expected a number from 0 to 0.5 in digits, like 0.005`,
    );
  }
});

Deno.test("settingsFrom() takes as seeds the whole numbers that no two draw the same from", () => {
  for (const seed of [-(2 ** 31), -1, 0, 2 ** 31 - 1]) assertEquals(settings(["--seed", String(seed)]).seed, seed);
  assertEquals(settings(["--seed", "-0"]).seed, 0);
  for (const seed of ["1.5", "x", "1e3", "NaN", "0x10", "4294967296", "2147483648", "-2147483649"]) {
    assertStringIncludes(
      refusal([`--seed=${seed}`]),
      `Cannot use --seed ${seed}: expected a whole number from -2147483648 to 2147483647 in digits`,
    );
  }
});

Deno.test("no two seeds that settingsFrom() takes draw the same", () => {
  const seed = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const drawn = (from: number) => {
    const random = randomFrom(from, "split");
    return [random(), random(), random(), random()].join();
  };
  fc.assert(fc.property(seed, seed, (one, other) => {
    fc.pre(one !== other);
    assertNotEquals(drawn(one), drawn(other));
  }));
  // Those that are the same number in 32 bits do.
  assertEquals(drawn(2 ** 32), drawn(0));
});

Deno.test("settingsFrom() takes true and false alone for --trim-test", () => {
  assertEquals(settings(["--trim-test", "true"]).trimTest, true);
  assertEquals(refusal(["--trim-test", "no"]), "Cannot use --trim-test no: expected true or false");
});

Deno.test("settingsFrom() takes no negative disk budget", () => {
  assertEquals(settings(["--cache-gb", "0"]).cacheGigabytes, 0);
  assertEquals(
    refusal(["--cache-gb=-1"]),
    "Cannot use --cache-gb -1: expected gigabytes, 0 or more, in digits, like 40",
  );
});

Deno.test("settingsFrom() refuses photos to predict beside the drawn sample, which has its own", () => {
  assertStringIncludes(refusal(["--test", "photos"]), "Cannot use --test: expected --data beside it");
  assertEquals(settings(["--test", "b"], { ...DEFAULT_SETTINGS, data: "a" }).test, "b");
});
