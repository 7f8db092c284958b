import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../model/tensor.ts";
import { writeSafetensors } from "../../model/weights/safetensors.ts";
import type { OwnedFolder } from "../../data/owned/owned_folder.ts";
import { type TrainedNetwork, withTrained } from "../classifier/classifier_to_onnx.ts";
import { featureGroups } from "../features/extract/feature_extractor.ts";
import { sha256 } from "../files/hashing.ts";
import { bytesOf } from "../files/text_file.ts";
import { ICON, STYLE } from "../studio/server/answers/assets.ts";
import { CLASSIFIER_FILE, LAST_STATE, type PageClassifier, type PageFile } from "./computing/page_classifier.ts";
import { halfWeights } from "./half_weights.ts";
import { linkedModules } from "./linked_modules.ts";
import { type PageFacts, pageMarkup } from "./page_markup.ts";
import pageStyle from "./page.css" with { type: "text" };

/** The page itself, which is written last. */
export const PAGE_FILE = "index.html";

/** The folder of its programs, and the one that it begins with. */
const MODULES = "modules";
const ENTRY = "pipeline/web/page/classify.ts";

/** onnxruntime's WebAssembly, beside its module. */
const WASM = "ort-wasm-simd-threaded.wasm";

/** What a page needs to be told besides the network. */
export interface PageDetails extends Omit<PageFacts, "script"> {
  /** Whether the run cuts white borders off photos to predict. */
  readonly trims: boolean;
}

/**
 * Writes a run's classifier as a page with all that it loads, for any server of files.
 * @param folder what else this program wrote there before is removed
 */
export async function writePage(folder: OwnedFolder, network: TrainedNetwork, details: PageDetails): Promise<void> {
  const files = await pageFiles(network, details);
  await folder.announce([...files.keys()]);
  for (const [path, bytes] of files) await folder.write(path, bytes);
  for (const path of await folder.paths()) if (!files.has(path)) await folder.remove(path);
}

/** All files by their paths, the page last. */
async function pageFiles(
  { classifier, state, backbones }: TrainedNetwork,
  { trims, ...facts }: PageDetails,
): Promise<Map<string, Uint8Array>> {
  const tensors = new Map<string, Tensor>([...state].map(([name, tensor]) => [LAST_STATE + name, tensor]));
  for (const [k, { prefix }] of FUSED_BACKBONES.entries()) {
    for (const [name, tensor] of withTrained(backbones[k].weights, prefix, state)) {
      tensors.set(`${prefix}.${name}`, tensor);
      tensors.delete(`${LAST_STATE}${prefix}.${name}`);
    }
  }
  const weights = writeSafetensors(halfWeights(tensors));
  const wasm = await Deno.readFile(new URL(WASM, import.meta.resolve("onnxruntime-web/wasm")));
  const page: PageClassifier = {
    trims,
    backbones: FUSED_BACKBONES.map(({ prefix }, k) => {
      const { description, network } = backbones[k];
      return { prefix, description, network };
    }),
    last: classifier.lastPart(featureGroups(backbones)),
    weights: fileOf("weights.safetensors", weights),
    wasm: fileOf("onnxruntime.wasm", wasm),
  };
  const modules = await linkedModules(ENTRY);
  const [entry] = modules.keys();
  return new Map([
    [page.weights.name, weights],
    [page.wasm.name, wasm],
    ...[...modules].map(([path, text]): [string, Uint8Array] => [`${MODULES}/${path}`, bytesOf(text)]),
    ["page.css", bytesOf(`${STYLE}\n${pageStyle}`)],
    ["icon.svg", bytesOf(ICON)],
    [CLASSIFIER_FILE, bytesOf(JSON.stringify(page))],
    [PAGE_FILE, bytesOf(pageMarkup({ ...facts, script: `${MODULES}/${entry}` }).markup.trim())],
  ]);
}

function fileOf(name: string, bytes: Uint8Array): PageFile {
  return { name, bytes: bytes.length, hash: sha256(bytes) };
}
