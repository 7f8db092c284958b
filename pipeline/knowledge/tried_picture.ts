import type { EvidenceMap } from "../evidence/evidence_map.ts";
import type { NearestPhotos } from "../neighbours/photo_neighbours.ts";

/** Any picture, as a run's classifier sees it. */
export interface TriedPicture {
  readonly name: string;
  readonly pDog: number;
  readonly evidence: EvidenceMap;
  /** The photos to learn from that are most like it. */
  readonly nearest: NearestPhotos;
}
