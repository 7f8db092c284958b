import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text/closest-string";
import { z } from "zod";
import { UserError } from "../../files/user_error.ts";
import type { Arguments, Command, Option } from "./options.ts";

/**
 * Reads a command's words. `-h` is `--help`; everything after `--` is words.
 * @throws UserError naming the word that cannot be: an unknown option (with the nearest known one), one without its
 * value or with two, a switch with a value, options that exclude each other, a word where the command takes none.
 */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const { options } = command;
  const named = options.filter(({ value }) => value);
  const onOff = options.filter(({ value }) => !value);
  for (const option of onOff) refuseValueOf(option, words);
  for (const option of named) refuseOptionAsValueOf(option, words);
  const parsed = parseArgs(withNumbersJoined(words, named), {
    // Words count as text too: a folder may be called 007.
    string: [...named.map(({ name }) => name), "_"],
    boolean: onOff.map(({ name }) => name),
    collect: named.map(({ name }) => name),
    alias: Object.fromEntries(options.flatMap(({ name, short }) => (short ? [[name, short]] : []))),
    unknown: (argument, key) => {
      if (key === undefined) return true;
      throw unknownOption(command, argument);
    },
  });
  const values = new Map<string, string>();
  for (const option of named) {
    const value = valueOf(option, z.array(z.string()).parse(parsed[option.name]));
    if (value !== undefined) values.set(option.name, value);
  }
  const switches = new Set(onOff.map(({ name }) => name).filter((name) => parsed[name] === true));
  const plain = parsed._.map(String);
  const [first, second] = (command.oneOf ?? []).filter((name) => values.has(name) || switches.has(name));
  if (second) throw new UserError(`Cannot use --${first} and --${second} together: expected one of them`);
  if (command.wordsMeant && plain.length > 0) {
    const meant = `Did you mean --${command.wordsMeant} ${plain[0]}?`;
    throw new UserError(`Cannot use ${plain[0]}: expected options alone, got a word without one. ${meant}`);
  }
  return { words: plain, values, switches };
}

/** Words in which a number under 0 stands in one word with its option: std takes what begins with a dash for an option. */
function withNumbersJoined(words: readonly string[], named: readonly Option[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (/^-\d/.test(word) && named.some(({ name }) => before === `--${name}`)) joined[joined.length - 1] += `=${word}`;
    else joined.push(word);
  }
  return joined;
}

function refuseValueOf(option: Option, words: readonly string[]): void {
  const start = `--${option.name}=`;
  const given = optionsIn(words).find((word) => word.startsWith(start));
  if (given) throw new UserError(`Cannot use ${given}: expected no value. ${onOrOff(option)}`);
}

/** The words up to `--`, after which there are no options. */
function optionsIn(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? words : words.slice(0, end);
}

function refuseOptionAsValueOf({ name, value }: Option, words: readonly string[]): void {
  const given = optionsIn(words);
  const after = given.find((word, k) => given[k - 1] === `--${name}` && /^-\D/.test(word));
  if (after === undefined) return;
  throw new UserError(
    `Cannot use --${name}: expected a value (--${name} ${value}), got the option ${after}; write --${name}=${after} if ` +
      `it is the value`,
  );
}

/** What was given for an option that takes a value, or `undefined` where it was not. */
function valueOf({ name, value }: Option, given: readonly string[]): string | undefined {
  if (given.includes("")) {
    throw new UserError(`Cannot use --${name}: expected a value (--${name} ${value}), got none`);
  }
  const [first, other] = new Set(given);
  if (other === undefined) return first;
  throw new UserError(`Cannot use --${name} twice: expected one value, got ${first} and ${other}`);
}

function onOrOff({ name }: Option): string {
  return `--${name} alone turns it on, leaving it out turns it off`;
}

/** @param word as it was given, e.g. `--dta=photos` or `-x` */
function unknownOption({ options }: Command, word: string): UserError {
  const given = word.split("=")[0];
  const off = options.find(({ name, value }) => !value && given === `--no-${name}`);
  if (off) return new UserError(`Cannot use ${given}: expected no such option. ${onOrOff(off)}`);
  const names = options.map(({ name }) => name);
  return new UserError(
    `Cannot use ${given}: expected one of ${names.map((name) => `--${name}`).join(" ")}. ` +
      `Did you mean --${closestString(given.replace(/^-+/, ""), names)}?`,
  );
}
