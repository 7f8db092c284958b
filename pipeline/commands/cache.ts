import { folderState } from "../../data/owned/folder_marker.ts";
import { assertTakeable } from "../../data/owned/owned_folder.ts";
import { cacheContents, type KeptSet, type KeptShard } from "../features/cache/cache_contents.ts";
import { pruneCache, type PruneRules } from "../features/cache/prune_cache.ts";
import { UserError } from "../files/user_error.ts";
import { USUAL_CACHE } from "../settings/config.ts";
import { CacheFolder } from "../store/cache_folder.ts";
import { print, printLines } from "../terminal/print.ts";
import { alignedTable, TABLE_WIDTH } from "../terminal/table.ts";
import type { Arguments } from "./options/options.ts";
import { daysFrom, sizeFrom } from "./options/amounts.ts";
import { assertMayWrite } from "./runs/checks/may_write.ts";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Digits of a hash that are shown, and the fewest that name weights. */
const SHOWN_DIGITS = 8;
const LEAST_DIGITS = 4;

/**
 * `deno task cache`: what the cache of features holds, a line for each kind of rows; and by its options what has not been
 * used for long, is more than should be kept or was made by some weights is removed.
 * @throws UserError when the folder is no cache, or a process uses what was to go.
 */
export async function cacheCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const root = given.values.get("cache") ?? USUAL_CACHE;
  const rules = rulesFrom(given);
  const dryRun = given.switches.has("dry-run");
  await assertTakeable(root, "features");
  if (rules && !dryRun) await assertMayWrite(root);
  if ((await folderState(root, "features")).is === "free") return await print(`${root}: nothing is kept there yet`);
  const cache = new CacheFolder(root);
  const sets = await cacheContents(cache);
  signal.throwIfAborted();
  if (rules === undefined) return await printLines([root, ...contentsTable(sets)].join("\n"));
  if (rules.weights !== undefined) assertKnown(sets, rules.weights);
  const { shards, inUse } = await pruneCache(cache, sets, rules, dryRun);
  const rest = sets.map((set) => ({ ...set, shards: set.shards.filter((shard) => !shards.includes(shard)) }));
  const [goes, stays] = [totalsOf(shards), totalsOf(rest.flatMap(({ shards }) => shards))];
  await printLines(
    `${root}: ${dryRun ? "would remove" : "removed"} ${goes}; ${stays} ${dryRun ? "would stay" : "stay"}`,
  );
  if (inUse.length === 0) return;
  throw new UserError(
    `Cannot remove all of that from ${root}: expected that nobody uses it, got another process at work with ` +
      `${inUse.length} of ${sets.length} sets. Wait for it, then do the same again`,
  );
}

function rulesFrom(given: Arguments): PruneRules | undefined {
  const days = daysFrom(given, "older-than");
  const keepBytes = sizeFrom(given, "keep");
  const weights = given.values.get("weights")?.toLowerCase();
  if (weights !== undefined && !(/^[0-9a-f]+$/.test(weights) && weights.length >= LEAST_DIGITS)) {
    throw new UserError(
      `Cannot use --weights ${weights}: expected ${LEAST_DIGITS} or more digits of a hash that deno task cache shows`,
    );
  }
  const usedBefore = days === undefined ? undefined : Date.now() - days * DAY_MILLISECONDS;
  if (days !== undefined || keepBytes !== undefined || weights !== undefined) return { usedBefore, keepBytes, weights };
  if (!given.switches.has("dry-run")) return undefined;
  throw new UserError("Cannot use --dry-run alone: expected --older-than, --keep or --weights beside it, got none");
}

function assertKnown(sets: readonly KeptSet[], weights: string): void {
  const known = [...new Set(sets.flatMap(({ made }) => made ? [made.weights.slice(0, SHOWN_DIGITS)] : []))];
  if (known.some((hash) => hash.startsWith(weights) || weights.startsWith(hash))) return;
  throw new UserError(
    `Cannot use --weights ${weights}: expected weights that the cache has rows of, got others. It has rows of ` +
      `${known.join(", ") || "none"}`,
  );
}

function contentsTable(sets: readonly KeptSet[]): string[] {
  const rows = sets.map(({ made, shards }) => [
    made?.weights.slice(0, SHOWN_DIGITS) ?? "not known",
    made?.sizes.join("-") ?? "",
    made === undefined ? "" : `${made.engine} ${numbersText(made.numbers)}`,
    ...amountsOf(shards),
    lastUsed(shards),
  ]);
  const all = sets.flatMap(({ shards }) => shards);
  const total = ["in all", "", "", ...amountsOf(all), ""];
  return alignedTable(
    ["weights", "sizes", "computed by", "rows", "disk", "last used"],
    [...rows, total],
    TABLE_WIDTH,
  ).split("\n");
}

/** `f32`, or `int8 8 2f6b1a3c`: the bits of kernels, and by which ranges. */
function numbersText(numbers: string): string {
  return numbers.split(" ").map((word) => word.slice(0, SHOWN_DIGITS)).join(" ");
}

function amountsOf(shards: readonly KeptShard[]): [string, string] {
  const rows = shards.reduce((sum, { rows }) => sum + rows, 0);
  return [String(rows), sizeText(shards.reduce((sum, { bytes }) => sum + bytes, 0))];
}

function totalsOf(shards: readonly KeptShard[]): string {
  const [rows, size] = amountsOf(shards);
  return `${rows} rows, ${size}`;
}

function lastUsed(shards: readonly KeptShard[]): string {
  if (shards.length === 0) return "";
  return new Date(Math.max(...shards.map(({ used }) => used))).toISOString().slice(0, "2026-11-25".length);
}

const UNITS = ["kB", "MB", "GB", "TB"] as const;

function sizeText(bytes: number): string {
  let [size, unit] = [bytes / 1000, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ${UNITS[unit]}`;
}
