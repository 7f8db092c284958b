import { z } from "zod";
import { ENGINE_NAMES } from "../../../model/engines/engine.ts";
import { DEFAULT_SETTINGS, PRECISIONS, type RunSettings } from "../../settings/config.ts";
import type { Arguments } from "./options.ts";
import { currentName, RECIPES } from "../../settings/recipes.ts";
import { didYouMean } from "../../terminal/did_you_mean.ts";
import { UserError } from "../../files/user_error.ts";

const trueOrFalse = z.enum(["true", "false"]).transform((text) => text === "true");
// There is no -0: it would be another setting than 0 in the same words.
const number = z.string().regex(/^-?\d+(\.\d+)?$/).transform((text) => Number(text) + 0);
const SEEDS = "a whole number from -2147483648 to 2147483647 in digits";

/**
 * The settings that the command line gives, over those that a run has already.
 * @throws UserError naming the option, what it takes and what it got.
 */
export function settingsFrom(given: Arguments, known: RunSettings = DEFAULT_SETTINGS): RunSettings {
  const choice = (name: string, before: string, choices: readonly string[], nameNow = (value: string) => value) => {
    const value = nameNow(given.values.get(name) ?? before);
    if (choices.includes(value)) return value;
    throw new UserError(
      `Cannot use --${name} ${value}: expected one of ${choices.join(", ")}.${didYouMean(value, choices)}`,
    );
  };
  const read = <T>(name: string, schema: z.ZodType<T, string>, before: T, expected: string): T => {
    const text = given.values.get(name);
    if (text === undefined) return before;
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    throw new UserError(`Cannot use --${name} ${text}: expected ${expected}`);
  };
  const backend = choice("backend", known.backend, ["auto", ...ENGINE_NAMES]);
  const precision = z.enum(PRECISIONS).parse(choice("precision", known.precision, PRECISIONS));
  if (precision === "int8" && backend !== "auto" && backend !== "onnx") {
    throw new UserError(
      `Cannot use --precision int8 with --backend ${backend}: expected the CPU's engine, --backend onnx. Name that, or ` +
        `--precision auto`,
    );
  }
  const data = given.values.get("data") ?? known.data;
  if (data === null && given.values.has("test")) {
    throw new UserError("Cannot use --test: expected --data beside it, since the drawn sample has photos to predict");
  }
  return {
    data,
    test: given.values.get("test") ?? known.test,
    weights: given.values.get("weights") ?? known.weights,
    weightsByDefault: !given.values.has("weights") && known.weightsByDefault,
    recipe: choice("recipe", known.recipe, Object.keys(RECIPES), currentName),
    backend: z.enum(["auto", ...ENGINE_NAMES]).parse(backend),
    precision,
    seed: read("seed", number.pipe(z.int32()), known.seed, SEEDS),
    trimTest: read("trim-test", trueOrFalse, known.trimTest, "true or false"),
    clip: read(
      "clip",
      number.pipe(z.number().min(0).max(0.5)),
      known.clip,
      "a number from 0 to 0.5 in digits, like 0.005",
    ),
    cacheGigabytes: read(
      "cache-gb",
      number.pipe(z.number().min(0)),
      known.cacheGigabytes,
      "gigabytes, 0 or more, in digits, like 40",
    ),
    cache: given.values.get("cache") ?? known.cache,
  };
}
