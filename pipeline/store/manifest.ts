import { z } from "zod";
import { isPlainName } from "../../data/owned/plain_name.ts";
import { canonicalJson, type Json, sha256 } from "../files/hashing.ts";
import { UserError } from "../files/user_error.ts";

/** Raised when the manifest's own form changes. */
export const MANIFEST_SCHEMA = 1;

export const MANIFEST_FILE = "manifest.json";
/** The stage's output value, for the stages after it. */
export const OUTPUT_FILE = "output.json";
/** Says for which inputs the files of an unfinished stage were made. */
export const STARTED_FILE = "started.json";

const JsonValue: z.ZodType<Json> = z.json();

const PlainName = z.string().refine(isPlainName, "expected the plain name of a file");

const OutputFile = z.object({
  file: PlainName,
  /** The set of the shared cache that it is in; in the stage's own folder where none is named. */
  set: PlainName.optional(),
  bytes: z.number().int().nonnegative(),
  /** Milliseconds since 1970: with the size, tells whether the content has to be hashed again. */
  modified: z.number(),
  sha256: z.string(),
});

/** What a finished stage says of itself: everything that its being up to date depends on, and what it counted. */
export const Manifest = z.strictObject({
  schema: z.literal(MANIFEST_SCHEMA),
  stage: z.string(),
  version: z.number().int(),
  params: JsonValue,
  seed: z.number().int(),
  /** The engine that computed it, or null where none was needed. */
  backend: z.string().nullable(),
  device: z.string().nullable(),
  /** Why that engine was taken, in words. */
  backendReason: z.string().nullable(),
  /** By name, the hash of each needed stage's outputs and of what came from outside the run. */
  inputs: z.record(z.string(), z.string()),
  outputs: z.array(OutputFile),
  counts: z.record(z.string(), z.number()),
  /** What else the stage tells of itself; not part of what later stages depend on. */
  details: JsonValue,
  warnings: z.array(z.string()),
  started: z.string(),
  seconds: z.number(),
});
export type Manifest = z.infer<typeof Manifest>;
export type OutputFile = z.infer<typeof OutputFile>;

/** A manifest as it stands on disk: with a hash over the rest, so that an edit by hand does not pass for a result. */
const SealedManifest = Manifest.extend({ seal: z.string() });

const sealOf = (manifest: Manifest) => sha256(canonicalJson(manifest));

/** The text that `parseManifest` reads back. */
export function manifestText(manifest: Manifest): string {
  return JSON.stringify({ ...manifest, seal: sealOf(manifest) }, null, 2) + "\n";
}

/**
 * Reads a manifest's text.
 * @throws UserError when it is not one of ours, or of another version of this program.
 */
export function parseManifest(text: string, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(path, "a JSON object", "text that is not JSON");
  }
  const result = SealedManifest.safeParse(value);
  if (result.success) {
    const { seal, ...manifest } = result.data;
    if (seal === sealOf(manifest)) return manifest;
    throw refused(path, "content that agrees with its seal", "another content");
  }
  const issue = result.error.issues[0];
  throw refused(
    path,
    `a manifest of schema ${MANIFEST_SCHEMA}`,
    `${issue.path.join(".") || "content"}: ${issue.message}`,
  );
}

function refused(path: string, expected: string, got: string): UserError {
  return new UserError(
    `Cannot read ${path}: expected ${expected}, got ${got}. It was edited, or written by another version: remove its ` +
      `folder to run that stage again`,
  );
}

/** One hash for what a stage reads of an earlier one: its output, and other files of it. File times do not count. */
export function readHash(output: unknown, files: readonly OutputFile[]): string {
  return sha256(JSON.stringify([output, files.map(({ file, sha256 }) => [file, sha256])]));
}
