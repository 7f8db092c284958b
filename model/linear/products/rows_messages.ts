import type { Tensor } from "../../tensor.ts";

/** What is asked of a worker that holds rows. */
export type RowsRequest =
  | { readonly kind: "hold"; readonly rows: Tensor }
  | { readonly kind: "times"; readonly columns: readonly Float64Array[] }
  | { readonly kind: "transposed"; readonly coefficients: readonly Float64Array[] };

/** What it answers; see `HeldRows`. */
export type RowsReply =
  | { readonly kind: "held" }
  | { readonly kind: "products"; readonly products: readonly Float64Array[] }
  | { readonly kind: "blocks"; readonly blocks: readonly Float64Array[][] };
