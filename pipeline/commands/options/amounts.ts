import { UserError } from "../../files/user_error.ts";
import type { Arguments } from "./options.ts";

const BYTES = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/**
 * An option that gives a time in days, like `30d`; `undefined` where it was not given.
 * @throws UserError when it is something else.
 */
export function daysFrom(given: Pick<Arguments, "values">, name: string): number | undefined {
  const text = given.values.get(name);
  if (text === undefined) return undefined;
  const days = /^(\d+(?:\.\d+)?)d$/.exec(text)?.[1];
  if (days !== undefined) return Number(days);
  throw new UserError(`Cannot use --${name} ${text}: expected days with a d behind them, like 30d`);
}

/**
 * An option that gives a size in bytes, like `2GB`; `undefined` where it was not given.
 * @throws UserError when it is something else.
 */
export function sizeFrom(given: Pick<Arguments, "values">, name: string): number | undefined {
  const text = given.values.get(name);
  if (text === undefined) return undefined;
  const parsed = /^(\d+(?:\.\d+)?) ?(MB|GB|TB)$/i.exec(text);
  const unit = (["MB", "GB", "TB"] as const).find((unit) => unit === parsed?.[2].toUpperCase());
  if (parsed && unit) return Number(parsed[1]) * BYTES[unit];
  throw new UserError(`Cannot use --${name} ${text}: expected a size in MB, GB or TB, like 2GB`);
}
