import type { BackboneOnDisk, Contestant } from "./contestants/contestant.ts";
import type { BenchSettings } from "./options.ts";
import type { Torch } from "./peers/torch.ts";

/** What the parts of one benchmark run share. */
export interface BenchContext {
  readonly settings: BenchSettings;
  /** A folder for arrays, photos and runs; it goes when the benchmark ends. */
  readonly folder: string;
  readonly backbones: readonly BackboneOnDisk[];
  /** Those that start on this machine, the project's engine for the CPU first. */
  readonly contestants: readonly Contestant[];
  /** PyTorch, where it was asked for and starts. */
  readonly torch?: Torch;
  readonly photos: BenchPhotos;
  readonly signal: AbortSignal;
  /** A line for the user about what is going on, or what is left out and why. */
  say(line: string): void;
}

/** Labelled photos to work on. */
export interface BenchPhotos {
  /** Where they came from, for people. */
  readonly origin: string;
  /** Paths of cats' and dogs' photos, each class in the order of its numbers. */
  readonly cats: readonly string[];
  readonly dogs: readonly string[];
}

/** The first photos, a cat and a dog in turn. */
export function firstPhotos({ cats, dogs }: BenchPhotos, count: number): { paths: string[]; labels: Uint8Array } {
  if (cats.length < Math.ceil(count / 2) || dogs.length < count >> 1) {
    throw new RangeError(`Cannot take photos: expected ${count}, got ${cats.length} cats and ${dogs.length} dogs`);
  }
  const paths = Array.from({ length: count }, (_, k) => (k % 2 === 0 ? cats : dogs)[k >> 1]);
  return { paths, labels: Uint8Array.from({ length: count }, (_, k) => k % 2) };
}
