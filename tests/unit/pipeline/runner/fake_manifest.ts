import { type Manifest, MANIFEST_SCHEMA } from "../../../../pipeline/runner/manifest.ts";

/** A manifest as a finished stage writes it, but for what is given. */
export function fakeManifest(given: Partial<Manifest> = {}): Manifest {
  return {
    schema: MANIFEST_SCHEMA,
    stage: "train",
    version: 1,
    params: {},
    seed: 0,
    backend: null,
    device: null,
    backendReason: null,
    inputs: {},
    outputs: [{ file: "output.json", bytes: 2, modified: 1, sha256: "00" }],
    counts: { photos: 3 },
    details: null,
    warnings: [],
    started: "2025-11-24T02:15:00.000Z",
    seconds: 1.5,
    ...given,
  };
}
