import { closestString } from "@std/text/closest-string";
import { findNodeAtLocation, getLocation, getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import type { z } from "zod";
import { UserError } from "../../files/user_error.ts";
import { LineNumbers } from "./line_numbers.ts";
import { type Review, REVIEW_EXAMPLE, ReviewFile } from "./review.ts";

/** A review, and where in its file each photo is named. */
export interface ParsedReview {
  readonly review: Review;
  readonly named: readonly NamedPhoto[];
}

/** A place where a review names a photo. */
export interface NamedPhoto {
  readonly id: string;
  /** The field, e.g. `drop[2]` or `relabel["cat.7.jpg"]`. */
  readonly field: string;
  /** From 1. */
  readonly line: number;
}

const FIELDS = ["keep", "drop", "relabel"];

/** No comments, no commas at the end: what other programs read as well. */
const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Characters of the file that a message shows. */
const SHOWN = 40;

/**
 * Reads a review's text.
 * @param path what messages call it
 * @throws UserError with the line and the field that is wrong: no JSON, another form, one photo in two places.
 */
export function parseReview(path: string, given: string): ParsedReview {
  // Some editors put a byte order mark first; a space in its stead keeps every place.
  const text = given.replace(/^\uFEFF/, " ");
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, STRICT);
  if (errors.length > 0 || root === undefined) throw notJson(path, text, errors.at(0)?.offset ?? text.length);
  const said = new ReviewText(path, text, root);
  said.assertNamesOnce(root);
  const parsed = ReviewFile.safeParse(getNodeValue(root));
  if (!parsed.success) throw said.wrongForm(parsed.error.issues[0]);
  const { keep = [], drop = [], relabel = {} } = parsed.data;
  const named = [
    ...said.listed("keep"),
    ...said.listed("drop"),
    ...said.relabelled(),
  ];
  said.assertInOneList(named);
  return { review: { keep: new Set(keep), drop: new Set(drop), relabel: new Map(Object.entries(relabel)) }, named };
}

/** The error that a review's text is answered with, at a place of it. */
export function wrongReview(
  path: string,
  { field, line }: Pick<NamedPhoto, "field" | "line">,
  expected: string,
  got: string,
  advice = "Mend it, or remove the file",
): UserError {
  const place = field === "" ? `line ${line}` : `line ${line}, ${field}`;
  return new UserError(`Cannot follow ${path}, ${place}: expected ${expected}, got ${got}. ${advice}`);
}

/** A text that is JSON, with its places. */
class ReviewText {
  readonly #lines: LineNumbers;

  constructor(readonly path: string, readonly text: string, readonly root: Node) {
    this.#lines = new LineNumbers(text);
  }

  /** The photos of a list. */
  listed(list: "keep" | "drop"): NamedPhoto[] {
    const { children = [] } = findNodeAtLocation(this.root, [list]) ?? {};
    return children.map(({ value: id, offset }, k) => this.#named(id, [list, k], offset));
  }

  /** The photos that get another label. */
  relabelled(): NamedPhoto[] {
    const { children = [] } = findNodeAtLocation(this.root, ["relabel"]) ?? {};
    return children.flatMap(({ children: [name, label] = [] }) =>
      this.#named(name.value, ["relabel", name.value], label.offset)
    );
  }

  #named(id: string, at: (string | number)[], offset: number): NamedPhoto {
    return { id, field: fieldOf(at), line: this.#lines.at(offset) };
  }

  /** JSON's readers take the last of equal names and say nothing. */
  assertNamesOnce(node: Node, at: (string | number)[] = []): void {
    const names = new Set<string>();
    for (const { children: [name] = [] } of node.type === "object" ? node.children ?? [] : []) {
      const here = { field: fieldOf([...at, name.value]), line: this.#lines.at(name.offset) };
      if (names.has(name.value)) throw wrongReview(this.path, here, "each name once", "it a second time");
      // An object of that name is a parent to look things up in, so that what stands there would be passed over.
      if (name.value === "__proto__") throw wrongReview(this.path, here, "another name", name.value);
      names.add(name.value);
    }
    if (at.length > 0) return;
    const relabel = findNodeAtLocation(node, ["relabel"]);
    if (relabel) this.assertNamesOnce(relabel, ["relabel"]);
  }

  assertInOneList(named: readonly NamedPhoto[]): void {
    const listOf = (field: string) => FIELDS.find((name) => field.startsWith(name));
    const first = new Map<string, NamedPhoto>();
    for (const photo of named) {
      const other = first.get(photo.id);
      if (other && listOf(other.field) !== listOf(photo.field)) {
        const got = `${photo.id} in ${other.field} (line ${other.line}) too`;
        throw wrongReview(this.path, photo, "each photo in one of keep, drop and relabel", got);
      }
      first.set(photo.id, photo);
    }
  }

  wrongForm(issue: z.core.$ZodIssue): UserError {
    const at = issue.path.map((part) => typeof part === "symbol" ? part.toString() : part);
    if (issue.code === "unrecognized_keys") {
      const [key] = issue.keys;
      const advice = `Did you mean ${closestString(key, FIELDS)}?`;
      return wrongReview(this.path, this.#place([...at, key]), FIELDS.join(", "), JSON.stringify(key), advice);
    }
    const value = findNodeAtLocation(this.root, at);
    const got = value ? shown(this.text.slice(value.offset, value.offset + value.length)) : "nothing";
    return wrongReview(this.path, this.#place(at), expectedAt(at), got);
  }

  #place(at: (string | number)[]) {
    const node = findNodeAtLocation(this.root, at) ?? this.root;
    return { field: fieldOf(at), line: this.#lines.at(node.offset) };
  }
}

function notJson(path: string, text: string, offset: number): UserError {
  const rest = text.slice(offset).trimStart().split("\n", 1)[0];
  const field = fieldOf(getLocation(text, offset).path.filter((part) => part !== "" && typeof part === "string"));
  const got = text.trim() === "" ? "an empty file" : rest === "" ? "the end of the file" : shown(rest);
  return wrongReview(path, { field, line: new LineNumbers(text).at(offset) }, `JSON like ${REVIEW_EXAMPLE}`, got);
}

/** What has to stand at a place, in words. */
function expectedAt([list, item]: readonly (string | number)[]): string {
  if (list === undefined) return `an object like ${REVIEW_EXAMPLE}`;
  if (list === "$schema") return "the schema's path";
  if (list === "relabel") return item === undefined ? "photos with their labels" : `"cat" or "dog"`;
  return item === undefined ? "a list of photos" : "a photo's name";
}

function fieldOf(at: readonly (string | number)[]): string {
  const [list, ...rest] = at;
  return list === undefined ? "" : `${list}${rest.map((part) => `[${JSON.stringify(part)}]`).join("")}`;
}

/** The beginning of a text in one line. */
function shown(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line;
}
