import type { Engine } from "../../../model/engines/engine.ts";

/** What a page computes by. */
export type PageEngineName = "webgpu" | "wasm";

/** A way to run networks in a browser. */
export interface PageEngine extends Pick<Engine, "compile" | "batchSize" | "device" | "close"> {
  readonly name: PageEngineName;
}
