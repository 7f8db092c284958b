import type { Pixels } from "../../../data/picture/pixels.ts";
import type { EvidenceMap } from "../../evidence/evidence_map.ts";
import type { PageEngineName } from "./page_engine.ts";

/** What a page asks its worker for. */
export type PageRequest =
  | {
    readonly kind: "open";
    /** The page's address. */
    readonly base: string;
    /** Without it, the GPU where there is one. */
    readonly by?: PageEngineName;
  }
  | { readonly kind: "look"; readonly pixels: Pixels };

/** What the worker says. Pictures are looked at in their order, each until `seen` or `failed`. */
export type PageReply =
  | { readonly kind: "loading"; readonly bytes: number; readonly of: number }
  | { readonly kind: "preparing" }
  | { readonly kind: "opened"; readonly by: PageEngineName; readonly device: string }
  | { readonly kind: "not opened"; readonly message: string }
  | { readonly kind: "predicted"; readonly pDog: number }
  | { readonly kind: "seen"; readonly map: EvidenceMap }
  | { readonly kind: "failed"; readonly message: string };
