import { crc32 } from "node:zlib";
import { z } from "zod";
import { FeatureGroup } from "../../../model/linear/feature_group.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { Safetensors, storedTensor, writeSafetensors } from "../../../model/weights/safetensors.ts";
import {
  headerBytes,
  LENGTH_BYTES,
  parseHeader,
  type SafetensorsHeader,
} from "../../../model/weights/safetensors_header.ts";
import { CutPointRows } from "./cut_point_rows.ts";

const FEATURES = "features";

/** What a features file tells besides the features. */
const Contents = z.object({
  /** One a photo: what identifies the photo's content and everything that made its features. */
  keys: z.array(z.string()),
  /** The features that each row has, group after group. */
  groups: z.array(FeatureGroup),
  /** How to find and check the rows of its activations at cut points; empty where it has none. */
  cutPoints: CutPointRows,
});

/** What a shard holds, without the features themselves. */
export type ShardContents = z.infer<typeof Contents>;

/** One shard's features. */
export interface FeatureShard extends ShardContents {
  /** `[photos, width]`. */
  readonly features: Tensor;
}

/** A shard's features as a file, with a checksum over all that it tells and one over its beginning alone. */
export function sealedFeatureShard(
  { keys, groups, cutPoints, features }: FeatureShard,
  dtype: "F16" | "F32",
): Uint8Array<ArrayBuffer> {
  const contents = JSON.stringify({ keys, groups, cutPoints });
  const stored = storedTensor(features, dtype);
  return writeSafetensors(new Map([[FEATURES, stored]]), {
    contents,
    contentsChecksum: String(crc32(contents)),
    checksum: String(checksumOf(contents, stored)),
  });
}

/** Reads what `sealedFeatureShard` made; `undefined` when it is anything else. */
export function openFeatureShard(bytes: Uint8Array): FeatureShard | undefined {
  try {
    const file = new Safetensors(bytes);
    const contents = contentsOf(file);
    const stored = file.array(FEATURES);
    const { data } = stored;
    const text = file.metadata.get("contents") ?? "";
    if (contents === undefined || file.metadata.get("checksum") !== String(checksumOf(text, { ...stored, data }))) {
      return undefined;
    }
    return { ...contents, features: file.tensor(FEATURES) };
  } catch {
    return undefined;
  }
}

/**
 * What a shard's file says that it holds, by its beginning alone, checked as far as it goes; `undefined` when it is no
 * shard. At once, so that looking and taking are one step.
 */
export function readShardContents(path: string): ShardContents | undefined {
  try {
    using file = Deno.openSync(path);
    const { isFile, size } = file.statSync();
    if (!isFile) return undefined;
    const length = new Uint8Array(LENGTH_BYTES);
    readAll(file, length);
    const beginning = new Uint8Array(headerBytes(length, size));
    beginning.set(length);
    readAll(file, beginning.subarray(LENGTH_BYTES));
    return contentsOf(parseHeader(beginning, size));
  } catch {
    return undefined;
  }
}

function contentsOf({ metadata }: Pick<SafetensorsHeader, "metadata">): ShardContents | undefined {
  const contents = metadata.get("contents") ?? "";
  return metadata.get("contentsChecksum") === String(crc32(contents))
    ? Contents.parse(JSON.parse(contents))
    : undefined;
}

function readAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const count = file.readSync(bytes.subarray(at));
    if (count === null) throw new RangeError("Cannot read a shard: expected more of it, got its end");
    at += count;
  }
}

function checksumOf(
  contents: string,
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayBufferView },
) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return crc32(bytes, crc32(`${contents} ${shape}`));
}
