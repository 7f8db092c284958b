import type { Network } from "../../../model/networks/layers.ts";
import type { SharedDescription } from "../../../model/networks/backbones/backbone_kind.ts";
import type { BackbonePrefix } from "../../../model/networks/fused/fusion_net.ts";
import type { LastPart } from "../../classifier/last_part.ts";

/** A large file beside the page, told apart from others of its name by its contents. */
export interface PageFile {
  /** From the page's own address. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256. */
  readonly hash: string;
}

/** What a page's classifier is, but for its numbers. */
export interface PageClassifier {
  /** Whether white borders are cut. */
  readonly trims: boolean;
  readonly backbones: readonly {
    /** What the names of its tensors start with. */
    readonly prefix: BackbonePrefix;
    readonly description: SharedDescription;
    readonly network: Network;
  }[];
  readonly last: LastPart;
  /** Tensors of the backbones, and, under `LAST_STATE`, those of the last part. */
  readonly weights: PageFile;
  /** onnxruntime in WebAssembly. */
  readonly wasm: PageFile;
}

/** What the names of the last part's tensors start with. */
export const LAST_STATE = "last.";

/** The file that holds this. */
export const CLASSIFIER_FILE = "classifier.json";
