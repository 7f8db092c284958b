import type { LinearProbe } from "../../model/linear/linear_probe.ts";
import type { HeadShape } from "../../model/networks/fused/head.ts";

/** What a classifier computes on the groups of features that it reads, as data that can go to another program. */
export type LastPart =
  & { readonly groups: readonly string[] }
  & (
    | { readonly kind: "linear probe"; readonly probe: LinearProbe }
    | { readonly kind: "head"; readonly head: HeadShape }
  );
