import { crc32 } from "node:zlib";
import { z } from "zod";
import { Safetensors, storedTensor, writeSafetensors } from "../../../model/weights/safetensors.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { CutPointRows } from "./cut_point_rows.ts";

const FEATURES = "features";

/** What a features file tells besides the features. */
const Contents = z.object({ keys: z.array(z.string()), cutPoints: CutPointRows });

/** One shard's features, and how to find and check the rows of its activations at cut points. */
export interface FeatureShard {
  /** One a photo: what identifies the photo's content and everything that made its features. */
  readonly keys: readonly string[];
  /** `[photos, width]`. */
  readonly features: Tensor;
  readonly cutPoints: CutPointRows;
}

/** A shard's features as a file, with a checksum over all that it tells. */
export function sealedFeatureShard(
  keys: readonly string[],
  features: Tensor,
  cutPoints: CutPointRows,
): Uint8Array<ArrayBuffer> {
  const contents = JSON.stringify({ keys, cutPoints });
  const checksum = String(checksumOf(contents, features));
  return writeSafetensors(new Map([[FEATURES, storedTensor(features)]]), { contents, checksum });
}

/** Reads what `sealedFeatureShard` made; `undefined` when it is anything else. */
export function openFeatureShard(bytes: Uint8Array): FeatureShard | undefined {
  try {
    const file = new Safetensors(bytes);
    const contents = file.metadata.get("contents") ?? "";
    const features = file.tensor(FEATURES);
    if (file.metadata.get("checksum") !== String(checksumOf(contents, features))) return undefined;
    return { ...Contents.parse(JSON.parse(contents)), features };
  } catch {
    return undefined;
  }
}

function checksumOf(contents: string, { shape, data }: Tensor): number {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return crc32(bytes, crc32(`${contents} ${shape}`));
}
