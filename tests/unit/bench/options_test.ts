import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "../../../pipeline/files/user_error.ts";
import { benchSettings } from "../../bench/options.ts";

Deno.test("benchSettings() runs everything but scale unless parts are named", () => {
  const { settings } = benchSettings([]);
  assertEquals(settings.sections.has("scale"), false);
  assertEquals(settings.batches, [1, 8, 32]);
  assertEquals([...benchSettings(["--only", "scale,head"]).settings.sections].sort(), ["head", "scale"]);
});

Deno.test("benchSettings() reduces sizes with --quick, but not those that are given", () => {
  const { settings } = benchSettings(["--quick", "--batches", "3"]);
  assertEquals([settings.runs, settings.batches], [2, [3]]);
});

Deno.test("benchSettings() names what it cannot use, and what comes near", () => {
  const refused: [string[], string][] = [
    [["--apend"], "Did you mean --append?"],
    [["--only", "bakbones"], "Did you mean backbones?"],
    [["--engines", "onyx"], "Did you mean onnx?"],
    [["--batches", "1,zero"], "Cannot use --batches zero: expected a whole number of 1 or more"],
    [["--runs", "0"], "Cannot use --runs 0"],
    [["photos"], "Cannot use photos: expected options alone"],
  ];
  for (const [words, message] of refused) {
    assertStringIncludes(assertThrows(() => benchSettings(words), UserError).message, message);
  }
});
