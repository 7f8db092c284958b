import { byId } from "./id_order.ts";
import { countBits, HASH_BITS, hashWords } from "./picture/facts/perceptual_hash.ts";

/**
 * Photos whose perceptual hashes differ in no more bits than this show the same picture. Measured on 3,520 real photos:
 * the three pairs of true copies lie within 12 bits and every other pair at 83 or more. Copies of 202 of them that were
 * saved at quality 40, scaled to 60% or given a white border lie within 23; of those lit by 15% and of those with 2%
 * cropped off each side, 97% or more lie within 47.
 */
export const MAXIMUM_DISTANCE = 47;

/** Hashes are looked up by parts of this many bits. */
const PART_BITS = 16;
const PARTS = HASH_BITS / PART_BITS;
const WORDS = HASH_BITS / 32;

/** What duplicates are recognised by. */
export interface PhotoFingerprint {
  readonly id: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  /** From `perceptualHash`. */
  readonly hash: string;
}

/**
 * Groups photos that show the same picture: equal files, and pictures whose hashes are near. Whoever is like one member
 * of a group belongs to it. Photos on their own are left out.
 * @returns ids; each group and the list of groups in ascending order, whatever the order of the items.
 */
export function duplicateGroups(items: readonly PhotoFingerprint[]): string[][] {
  const steps = grouping(items);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * The same, with pauses in which others get their turn: of tens of thousands of photos it takes a second or so.
 * @param pause whose errors end it
 */
export async function duplicateGroupsInTurns(
  items: readonly PhotoFingerprint[],
  pause: () => Promise<void>,
): Promise<string[][]> {
  const steps = grouping(items);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}

/** Finds the groups, in steps. */
function* grouping(items: readonly PhotoFingerprint[]): Generator<void, string[][]> {
  const ordered = items.toSorted(byId);
  const groups = new DisjointSets(ordered.length);
  const firstWith = new Map<string, number>();
  ordered.forEach(({ sha256 }, index) => {
    const first = firstWith.get(sha256);
    if (first === undefined) firstWith.set(sha256, index);
    else groups.join(first, index);
  });
  yield* joinNear(ordered.map(({ hash }) => hash), groups);

  const members = Map.groupBy(ordered.keys(), (index) => groups.find(index));
  return [...members.values()].filter((group) => group.length > 1).map((group) => group.map((k) => ordered[k].id));
}

/**
 * Joins all pairs within `MAXIMUM_DISTANCE` without comparing all pairs: two hashes that differ in at most 47 of 256
 * bits differ in at most 2 in one of their sixteen parts, so only hashes with a part that near are compared (multi-index
 * hashing: Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012). A step a part.
 */
function* joinNear(hashes: readonly string[], groups: DisjointSets): Generator<void, void> {
  const words = new Uint32Array(hashes.length * WORDS);
  hashes.forEach((hash, index) => words.set(hashWords(hash), index * WORDS));
  const masks = masksOfUpTo(Math.floor(MAXIMUM_DISTANCE / PARTS));
  // Photos with equal parts form a chain: `last` holds its newest member, `previous` the one before each member.
  const last = new Int32Array(1 << PART_BITS);
  const previous = new Int32Array(hashes.length);
  for (let part = 0; part < PARTS; part++) {
    yield;
    last.fill(-1);
    for (let index = 0; index < hashes.length; index++) {
      const word = words[index * WORDS + (part >> 1)];
      const value = (part & 1) === 0 ? word >>> PART_BITS : word & 0xffff;
      for (const mask of masks) {
        for (let other = last[value ^ mask]; other >= 0; other = previous[other]) {
          if (isNear(words, index, other)) groups.join(other, index);
        }
      }
      previous[index] = last[value];
      last[value] = index;
    }
  }
}

function isNear(words: Uint32Array, first: number, second: number): boolean {
  let distance = 0;
  for (let word = 0; word < WORDS; word++) {
    distance += countBits(words[first * WORDS + word] ^ words[second * WORDS + word]);
    if (distance > MAXIMUM_DISTANCE) return false;
  }
  return true;
}

/** The values of `PART_BITS` bits of which at most `bits` are set. */
function masksOfUpTo(bits: number): number[] {
  return Array.from({ length: 1 << PART_BITS }, (_, mask) => mask).filter((mask) => countBits(mask) <= bits);
}

/** Sets that are joined and never divided (union-find with path halving). */
class DisjointSets {
  #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, index) => index);
  }

  /** The member that stands for the set: its smallest. */
  find(member: number): number {
    let at = member;
    while (this.#parent[at] !== at) at = this.#parent[at] = this.#parent[this.#parent[at]];
    return at;
  }

  join(first: number, second: number): void {
    const a = this.find(first);
    const b = this.find(second);
    this.#parent[Math.max(a, b)] = Math.min(a, b);
  }
}
