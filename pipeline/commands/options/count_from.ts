import { UserError } from "../../files/user_error.ts";
import type { Arguments } from "./options.ts";

/**
 * An option that counts something; `undefined` where it was not given.
 * @throws UserError when it is no whole number of that range.
 */
export function countFrom(
  given: Pick<Arguments, "values">,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = given.values.get(name);
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  const range = most === Infinity ? `${least} or more` : `${least} to ${most}`;
  throw new UserError(`Cannot use --${name} ${text}: expected a whole number, ${range}`);
}
