/** Something that needs a buffer for a while. */
export interface Tenant {
  /** In whatever unit buffers are counted. */
  readonly size: number;
  /** The first step that writes it, and the last one that writes or reads it. */
  readonly firstUse: number;
  readonly lastUse: number;
}

/**
 * Gives each tenant a buffer that is free when it moves in: one that is there already, or another one. No step finds
 * what it writes in a buffer that it reads.
 * @param tenants in the order in which they move in.
 */
export function assignBuffers<Key>(
  tenants: ReadonlyMap<Key, Tenant>,
): { readonly bufferOf: ReadonlyMap<Key, number>; readonly sizes: readonly number[] } {
  const sizes: number[] = [];
  const occupiedUntil: number[] = [];
  const bufferOf = new Map<Key, number>();
  for (const [key, { size, firstUse, lastUse }] of tenants) {
    const free = [...occupiedUntil.keys()].filter((buffer) => occupiedUntil[buffer] < firstUse);
    const buffer = bestFit(free, sizes, size) ?? sizes.push(0) - 1;
    sizes[buffer] = Math.max(sizes[buffer], size);
    occupiedUntil[buffer] = lastUse;
    bufferOf.set(key, buffer);
  }
  return { bufferOf, sizes };
}

/** The smallest buffer that holds so much, else the largest, which grows. */
function bestFit(free: readonly number[], sizes: readonly number[], size: number): number | undefined {
  const bySize = free.toSorted((a, b) => sizes[a] - sizes[b]);
  return bySize.find((buffer) => sizes[buffer] >= size) ?? bySize.at(-1);
}
