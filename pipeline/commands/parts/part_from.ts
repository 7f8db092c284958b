import type { Part, StageName } from "../../runner/stage.ts";
import { UserError } from "../../files/user_error.ts";
import { MOST_PARTS } from "../options/most_parts.ts";
import type { Arguments } from "../options/options.ts";

/** The stage whose work can be divided. */
const DIVIDED: StageName = "transform";

/**
 * The part that `--part I/N` names; `undefined` where it was not given.
 * @throws UserError when it is none, the stage's work is not divided, or an option stands beside it that no part takes.
 */
export function partFrom(given: Pick<Arguments, "values" | "switches">, stage: StageName): Part | undefined {
  const text = given.values.get("part");
  if (text === undefined) return undefined;
  const other = ["force", "dry-run", "replace"].find((name) => given.switches.has(name));
  if (other) throw new UserError(`Cannot use --part and --${other} together: expected one of them`);
  if (stage !== DIVIDED) {
    throw new UserError(
      `Cannot use --part ${text}: expected stage ${DIVIDED}, whose work can be divided, got ${stage}`,
    );
  }
  const [, number, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text)?.map(Number) ?? [];
  if (of <= MOST_PARTS && number >= 1 && number <= of) return { number, of };
  throw new UserError(
    `Cannot use --part ${text}: expected a part and how many there are, from 1/1 to ${MOST_PARTS}/${MOST_PARTS}, like 3/16`,
  );
}
