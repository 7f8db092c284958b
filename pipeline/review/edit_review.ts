import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { EMPTY_REVIEW_TEXT } from "./file/review.ts";
import type { Change } from "./word.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** The fields that name photos. */
const FIELDS = ["keep", "drop", "relabel"] as const;
type Field = (typeof FIELDS)[number];

/**
 * A review's text with other words for some photos. All else stays as it was written: other photos, their order, and
 * how the text is laid out. (`modify` of jsonc-parser would lay out anew what it comes across.)
 * However many changes there are, the text is read a few times.
 * @param text one that `parseReview` takes; that of an empty review where there is none yet
 * @param changes each photo once
 */
export function editedReview(text: string | undefined, changes: readonly Change[]): string {
  const given = text ?? EMPTY_REVIEW_TEXT;
  const mark = given.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  let edited = withoutWords(given.slice(mark.length), new Set(changes.map(({ id }) => id)));
  for (const [field, items] of Map.groupBy(changes.flatMap(itemOf), ({ field }) => field)) {
    edited = added(edited, field, items.map(({ item }) => item));
  }
  return mark + edited;
}

/** What is to be written for a change, and into which field. */
function itemOf({ id, word }: Change): { field: Field; item: string }[] {
  if (word === undefined) return [];
  if (word === "keep" || word === "drop") return [{ field: word, item: JSON.stringify(id) }];
  return [{ field: "relabel", item: `${JSON.stringify(id)}: ${JSON.stringify(word)}` }];
}

/** Without any word on some photos. */
function withoutWords(text: string, ids: ReadonlySet<string>): string {
  const root = rootOf(text);
  const idOf = ({ type, value, children: [name] = [] }: Node): string => type === "property" ? name.value : value;
  const containers = FIELDS.map((field) => findNodeAtLocation(root, [field])).filter((node) => node !== undefined);
  // From the end, so that what is cut moves no place before it.
  return containers.sort((a, b) => b.offset - a.offset)
    .reduce((text, container) => without(text, container, (item) => ids.has(idOf(item))), text);
}

/** A field with more items, made where there is none. */
function added(text: string, field: Field, items: readonly string[]): string {
  const value = findNodeAtLocation(rootOf(text), [field]);
  if (value) return withItems(text, value, items);
  const empty = `${JSON.stringify(field)}: ${field === "relabel" ? "{}" : "[]"}`;
  return added(withItems(text, rootOf(text), [empty]), field, items);
}

/** A list or an object without some of its items; each that stays keeps what stands before it. */
function without(
  text: string,
  { offset, length, children = [] }: Node,
  goes: (item: Node) => boolean,
): string {
  const places = children.keys().filter((place) => !goes(children[place])).toArray();
  if (places.length === children.length) return text;
  const kept = places.map((place, k) =>
    text.slice(k === 0 ? children[place].offset : endOf(children[place - 1]), endOf(children[place]))
  );
  if (kept.length === 0) return text.slice(0, offset + 1) + text.slice(offset + length - 1);
  return text.slice(0, children[0].offset) + kept.join("") + text.slice(endOf(children[children.length - 1]));
}

/** A list or an object with more items, laid out like the one before them. */
function withItems(text: string, container: Node, items: readonly string[]): string {
  const insert = (at: number, inserted: string) => text.slice(0, at) + inserted + text.slice(at);
  const { offset, length, type, children = [] } = container;
  const last = children.at(-1);
  if (last) {
    const before = children.length > 1 ? endOf(children[children.length - 2]) : offset + 1;
    const space = text.slice(before, last.offset).replace(",", "");
    const between = space === "" && children.length === 1 ? " " : space;
    return insert(endOf(last), items.map((item) => `,${between}${item}`).join(""));
  }
  const line = text.slice(text.lastIndexOf("\n", offset) + 1, offset);
  const indent = /^[ \t]+/.exec(line)?.[0];
  const inner = indent === undefined
    ? type === "object" ? ` ${items.join(", ")} ` : items.join(", ")
    : `${items.map((item) => `${newLine(text)}${indent}${indent}${item}`).join(",")}${newLine(text)}${indent}`;
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
