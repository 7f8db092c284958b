import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { EMPTY_REVIEW_TEXT } from "../outliers/review.ts";
import type { Change, Word } from "./word.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** The fields whose values are lists of photos. */
const LISTS = ["keep", "drop"] as const;

/**
 * A review's text with other words for some photos. All else stays as it was written: other photos, their order, and
 * how the text is laid out. (`modify` of jsonc-parser would lay out anew what it comes across.)
 * @param text one that `parseReview` takes; that of an empty review where there is none yet
 * @param changes each photo once
 */
export function editedReview(text: string | undefined, changes: readonly Change[]): string {
  const given = text ?? EMPTY_REVIEW_TEXT;
  const mark = given.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  return mark + changes.reduce(edited, given.slice(mark.length));
}

function edited(text: string, { id, word }: Change): string {
  const cleared = removed(text, id);
  return word === undefined ? cleared : added(cleared, id, word);
}

/** Without any word on a photo. */
function removed(text: string, id: string): string {
  for (;;) {
    const root = rootOf(text);
    const lists = LISTS.map((name) => findNodeAtLocation(root, [name]));
    const list = lists.find((list) => list?.children?.some(({ value }) => value === id));
    const relabel = findNodeAtLocation(root, ["relabel"]);
    const isNamed = ({ children: [name] = [] }: Node) => name.value === id;
    if (list) text = without(text, list, list.children?.findIndex(({ value }) => value === id) ?? -1);
    else if (relabel?.children?.some(isNamed)) text = without(text, relabel, relabel.children.findIndex(isNamed));
    else return text;
  }
}

function added(text: string, id: string, word: Word): string {
  const field = word === "keep" || word === "drop" ? word : "relabel";
  const item = field === "relabel" ? `${JSON.stringify(id)}: ${JSON.stringify(word)}` : JSON.stringify(id);
  const value = findNodeAtLocation(rootOf(text), [field]);
  if (value) return withItem(text, value, item);
  const empty = withItem(text, rootOf(text), `${JSON.stringify(field)}: ${field === "relabel" ? "{}" : "[]"}`);
  return added(empty, id, word);
}

/** A list or an object without one of its items. */
function without(text: string, { offset, length, children = [] }: Node, item: number): string {
  const cut = (from: number, to: number) => text.slice(0, from) + text.slice(to);
  if (children.length === 1) return cut(offset + 1, offset + length - 1);
  return item === 0
    ? cut(children[0].offset, children[1].offset)
    : cut(endOf(children[item - 1]), endOf(children[item]));
}

/** A list or an object with one more item, laid out like the one before it. */
function withItem(text: string, container: Node, item: string): string {
  const insert = (at: number, inserted: string) => text.slice(0, at) + inserted + text.slice(at);
  const { offset, length, type, children = [] } = container;
  const last = children.at(-1);
  if (last) {
    const before = children.length > 1 ? endOf(children[children.length - 2]) : offset + 1;
    const space = text.slice(before, last.offset).replace(",", "");
    return insert(endOf(last), `,${space === "" && children.length === 1 ? " " : space}${item}`);
  }
  const line = text.slice(text.lastIndexOf("\n", offset) + 1, offset);
  const indent = /^[ \t]+/.exec(line)?.[0];
  const inner = indent === undefined
    ? type === "object" ? ` ${item} ` : item
    : `${newLine(text)}${indent}${indent}${item}${newLine(text)}${indent}`;
  return text.slice(0, offset + 1) + inner + text.slice(offset + length - 1);
}

function rootOf(text: string): Node {
  const root = parseTree(text);
  if (root) return root;
  throw new RangeError("Cannot edit a review: expected text that is JSON, got another");
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function newLine(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
