/** Photos in one shard: as many as a killed process loses at most, besides the batches under way. */
export const SHARD_PHOTOS = 64;

const SHARD = /^([a-z0-9-]+)-\d{5,}\.safetensors$/;
const CUT_POINTS = "-cut_points.safetensors";

/** The name of a shard: of whoever writes it, which no other has, and its number. */
export function shardName(writer: string, number: number): string {
  return `${writer}-${String(number).padStart(5, "0")}.safetensors`;
}

/** Who wrote a shard, or `undefined` where a file is none. */
export function writerOfShard(file: string): string | undefined {
  return SHARD.exec(file)?.[1];
}

/** The file beside a shard that holds its activations at cut points. */
export function cutPointsOfShard(shard: string): string {
  return shard.replace(".safetensors", CUT_POINTS);
}

/** A name that no other process has, now or later: what it writes is its own. */
export function newWriter(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 12);
}
