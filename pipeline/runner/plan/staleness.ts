import { canonicalJson, type Json } from "../../files/hashing.ts";
import type { Manifest } from "../../store/manifest.ts";

/** What a stage would be computed from, were it run now. */
export type Wanted = {
  readonly version: number;
  readonly params: Json;
  /** By name, the hashes of needed stages and outside content; null for a needed stage that will be computed first. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** The engine that the user asked for by name, or null when any will do. */
  readonly backend: string | null;
};

/** Why a stage without a manifest has to run. */
export const NOT_RUN_YET = "has not run yet";

/**
 * Why a stage has to run again, in words, or `undefined` when its manifest says that it was computed from the same
 * things.
 */
export function staleReason(manifest: Manifest, wanted: Wanted): string | undefined {
  if (manifest.version !== wanted.version) {
    return `its code changed (version ${manifest.version} before, ${wanted.version} now)`;
  }
  const changed = changedParam(manifest.params, wanted.params);
  if (changed) return changed;
  for (const [name, hash] of Object.entries(wanted.inputs)) {
    if (hash === null) return `${name} runs first`;
    if (manifest.inputs[name] !== hash) return `${name} changed`;
  }
  for (const name of Object.keys(manifest.inputs)) {
    if (!(name in wanted.inputs)) return `${name} is no longer used`;
  }
  if (wanted.backend !== null && manifest.backend !== null && manifest.backend !== wanted.backend) {
    return `computed by ${manifest.backend}, and ${wanted.backend} was asked for`;
  }
  return undefined;
}

function changedParam(before: Json, now: Json, name = "setting"): string | undefined {
  if (canonicalJson(before) === canonicalJson(now)) return undefined;
  if (isObject(before) && isObject(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const found = changedParam(before[key] ?? null, now[key] ?? null, key);
      if (found) return found;
    }
  }
  return `${name} was ${JSON.stringify(before)} and is now ${JSON.stringify(now)}`;
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
