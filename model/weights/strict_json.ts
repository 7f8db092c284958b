import { cutText } from "../first_few.ts";

/** What a JSON text may hold at most. */
export interface JsonLimits {
  /** Objects and lists inside one another, the outermost counted. */
  readonly depth: number;
  /** Names in the outermost object. */
  readonly names: number;
}

const [QUOTE, BACKSLASH, COLON] = ['"', "\\", ":"].map((letter) => letter.charCodeAt(0));
const OPENING = ["{", "["].map((letter) => letter.charCodeAt(0));
const CLOSING = ["}", "]"].map((letter) => letter.charCodeAt(0));
const SPACES = [" ", "\t", "\n", "\r"].map((letter) => letter.charCodeAt(0));

/**
 * Parses JSON that comes from elsewhere. One look at its bytes comes first: it ends at once on what a parser would take
 * all memory for, and sees a name that stands twice in one object, of which a parser takes the last without a word.
 * @throws Error that says what is wrong.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  check(bytes, limits);
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

function check(bytes: Uint8Array, { depth, names }: JsonLimits): void {
  /** The names of each object that is open, the outermost first; a list has none. */
  const open: Set<string>[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (OPENING.includes(byte)) {
      if (open.length === depth) throw new Error(`objects and lists more than ${depth} deep`);
      open.push(new Set());
    } else if (CLOSING.includes(byte)) open.pop();
    else if (byte === QUOTE) {
      const end = stringEnd(bytes, at);
      const inside = open.at(-1);
      if (inside !== undefined && isName(bytes, end)) addName(inside, bytes.subarray(at, end));
      if (open.length === 1 && open[0].size > names) throw new Error(`more than ${names} names`);
      at = end - 1;
    }
  }
}

function addName(names: Set<string>, quoted: Uint8Array): void {
  const name = String(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(quoted)));
  if (names.has(name)) throw new Error(`the name ${cutText(name)} twice`);
  names.add(name);
}

/** Where the text that a quote begins has ended. */
function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at + 1, bytes.length);
}

/** Whether the text that ends here is the name of what follows. */
function isName(bytes: Uint8Array, end: number): boolean {
  let at = end;
  while (SPACES.includes(bytes[at])) at++;
  return bytes[at] === COLON;
}
