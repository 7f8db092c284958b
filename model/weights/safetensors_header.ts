import { z } from "zod";
import { messageOf } from "../../data/base/message_of.ts";
import { cutText } from "../first_few.ts";
import { parseStrictJson } from "./strict_json.ts";

/** The number types that this project reads and writes, with their bytes a number. */
export const DTYPE_BYTES = { F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, U8: 1 } as const;
export type Dtype = keyof typeof DTYPE_BYTES;

/** What is not a safetensors file, with what was expected of it. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
  constructor(expected: string, got: string) {
    super(`Cannot read safetensors: expected ${expected}, got ${got}`);
  }
}

/** Where one array lies; `start` and `end` count bytes from the beginning of the file. */
export interface SafetensorsEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
}

/** Bytes of the header's own length at the beginning of a file. */
export const LENGTH_BYTES = 8;
/** Two hundred times the longest header of a backbone here; longer ones are broken or hostile. */
const MAX_HEADER_BYTES = 10_000_000;
/** An object of entries, which hold lists; and many times the arrays that a backbone has. */
const JSON_LIMITS = { depth: 3, names: 20_000 };
/** Far more axes than any array here has. */
const MAX_AXES = 8;

const count = z.number().int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.enum(["F32", "F16", "BF16", "I64", "I32", "U8"]),
  shape: z.array(count).max(MAX_AXES),
  data_offsets: z.tuple([count, count]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * How long a file's header is, in bytes, its length field included.
 * @param beginning at least the first eight bytes of the file.
 */
export function headerBytes(beginning: Uint8Array, fileBytes: number): number {
  if (beginning.length < LENGTH_BYTES || fileBytes < LENGTH_BYTES) {
    throw new SafetensorsError(`at least ${LENGTH_BYTES} bytes`, `${Math.min(beginning.length, fileBytes)}`);
  }
  const view = new DataView(beginning.buffer, beginning.byteOffset, LENGTH_BYTES);
  const length = Number(view.getBigUint64(0, true));
  const limit = Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES);
  if (length > limit) throw new SafetensorsError(`a header of at most ${limit} bytes`, `one of ${length}`);
  return LENGTH_BYTES + length;
}

/**
 * Reads a header and checks all that it says: known types, sizes that agree with the shapes, and arrays that fill the
 * file without gaps or overlaps.
 * Source of the format: https://huggingface.co/docs/safetensors
 * @param beginning the file's bytes up to the header's end, or more.
 * @param fileBytes how long the whole file is.
 */
export function parseHeader(beginning: Uint8Array, fileBytes: number): SafetensorsHeader {
  const dataStart = headerBytes(beginning, fileBytes);
  if (beginning.length < dataStart) {
    throw new SafetensorsError(`the ${dataStart} bytes of the header`, `${beginning.length}`);
  }
  const { __metadata__: metadata = {}, ...arrays } = parseJson(beginning.subarray(LENGTH_BYTES, dataStart));
  const entries = new Map<string, SafetensorsEntry>();
  for (const [name, value] of Object.entries(arrays)) {
    const entry = checked(entrySchema, value, name);
    const [start, end] = entry.data_offsets;
    const bytes = entry.shape.reduce(
      (product, extent) => exactProduct(product, extent, name),
      DTYPE_BYTES[entry.dtype],
    );
    if (end - start !== bytes) {
      throw new SafetensorsError(
        `${bytes} bytes for ${cutText(name)} (${entry.dtype} [${entry.shape}])`,
        `${end - start}`,
      );
    }
    entries.set(name, { dtype: entry.dtype, shape: entry.shape, start: dataStart + start, end: dataStart + end });
  }
  checkLayout(entries, dataStart, fileBytes);
  return { metadata: new Map(Object.entries(checked(metadataSchema, metadata, "__metadata__"))), entries };
}

/** Past 2^53 products are rounded, and a shape that holds far more than the file could seem to fit. */
function exactProduct(product: number, extent: number, name: string): number {
  if (Number.isSafeInteger(product * extent)) return product * extent;
  throw new SafetensorsError(`a shape of fewer than 2^53 bytes for ${cutText(name)}`, "more");
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseStrictJson(bytes, JSON_LIMITS);
  } catch (error) {
    throw new SafetensorsError("a header in JSON", cutText(messageOf(error)));
  }
  return checked(z.record(z.string(), z.unknown()), value, "the header");
}

function checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SafetensorsError(
    `a valid entry for ${cutText(name)} (${cutText([...issue.path, issue.message].join(": "))})`,
    cutText(JSON.stringify(value)),
  );
}

function checkLayout(entries: ReadonlyMap<string, SafetensorsEntry>, dataStart: number, fileBytes: number): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let at = dataStart;
  for (const [name, entry] of inOrder) {
    if (entry.start !== at) {
      throw new SafetensorsError(
        `${cutText(name)} to begin at byte ${at}, where the array before it ends`,
        `${entry.start}`,
      );
    }
    at = entry.end;
  }
  if (at !== fileBytes) throw new SafetensorsError(`a file of ${at} bytes, as its header says`, `${fileBytes}`);
}
