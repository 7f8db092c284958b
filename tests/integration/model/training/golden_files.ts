import { fromFileUrl } from "@std/path";
import { Safetensors } from "../../../../model/weights/safetensors.ts";

const GOLDEN = new URL("../../../golden/", import.meta.url);

/** A file of what PyTorch computed: `training/head`, for example. */
export async function goldenFile(name: string): Promise<Safetensors> {
  return new Safetensors(await goldenBytes(name));
}

export async function goldenBytes(name: string): Promise<Uint8Array> {
  return await Deno.readFile(fromFileUrl(new URL(`${name}.safetensors`, GOLDEN)));
}

/** `||actual - expected|| / ||expected||`: not a number where either holds one that is not. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let k = 0; k < Math.max(actual.length, expected.length); k++) {
    difference += (actual[k] - expected[k]) ** 2;
    size += expected[k] ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Fails unless two arrays are as close as that, by `relativeError`. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  const error = relativeError(actual, expected);
  if (!(error < tolerance)) throw new Error(`${what}: expected a relative error under ${tolerance}, got ${error}`);
}
