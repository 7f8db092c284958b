/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** Computes beside the page, which stays quick to answer. */
import { messageOf } from "../../../data/base/message_of.ts";
import { OneAtATime } from "../../../model/engines/one_at_a_time.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import { openGpuPageEngine, pageGpu } from "./gpu_page_engine.ts";
import { keptFile } from "./kept_file.ts";
import type { PageReply, PageRequest } from "./messages.ts";
import { namedTensors } from "./named_tensors.ts";
import { OpenedPageClassifier } from "./opened_page_classifier.ts";
import { CLASSIFIER_FILE, type PageClassifier } from "./page_classifier.ts";
import type { PageEngine, PageEngineName } from "./page_engine.ts";
import { openWasmPageEngine } from "./wasm_page_engine.ts";

type OpenRequest = Extract<PageRequest, { kind: "open" }>;

/** The files of a classifier, and how it is opened. */
interface Loaded {
  readonly request: OpenRequest;
  readonly facts: PageClassifier;
  readonly tensors: TensorMap;
  opened: OpenedPageClassifier;
}

const turns = new OneAtATime();
let loaded: Loaded | undefined;

const say = (reply: PageReply) => self.postMessage(reply);
const hear = (bytes: number, of: number) => say({ kind: "loading", bytes, of });

self.onmessage = ({ data: request }: MessageEvent<PageRequest>) =>
  turns.run(async () => {
    try {
      if (request.kind === "open") loaded = await load(request);
      else await look(request);
    } catch (thrown) {
      say({ kind: request.kind === "open" ? "not opened" : "failed", message: messageOf(thrown) });
    }
  });

async function load(request: OpenRequest): Promise<Loaded> {
  const response = await fetch(new URL(CLASSIFIER_FILE, request.base));
  if (!response.ok) throw new Error(`Cannot load ${CLASSIFIER_FILE}: the server answered ${response.status}`);
  const facts: PageClassifier = await response.json();
  const tensors = namedTensors(await keptFile(facts.weights, request.base, hear));
  const files = { request, facts, tensors };
  return { ...files, opened: await open(files) };
}

/** On the GPU, or where there is none that is one, or it will not do, on the processor. */
async function open({ request, facts, tensors }: Omit<Loaded, "opened">): Promise<OpenedPageClassifier> {
  const gpu = request.by === "wasm" ? undefined : await pageGpu();
  if (gpu && (request.by === "webgpu" || !gpu.isSoftware)) {
    try {
      return await openOn(await openGpuPageEngine(gpu), facts, tensors);
    } catch (thrown) {
      if (request.by === "webgpu") throw thrown;
    }
  }
  if (request.by === "webgpu" && !gpu) throw new Error("Cannot compute on a GPU: this browser lends none to pages");
  return await openOn(await openWasmPageEngine(await keptFile(facts.wasm, request.base, hear)), facts, tensors);
}

async function openOn(engine: PageEngine, facts: PageClassifier, tensors: TensorMap): Promise<OpenedPageClassifier> {
  say({ kind: "preparing" });
  const opened = await OpenedPageClassifier.open(facts, tensors, engine);
  const { name: by, device } = engine;
  say({ kind: "opened", by, device });
  return opened;
}

async function look({ pixels }: Extract<PageRequest, { kind: "look" }>): Promise<void> {
  if (!loaded) throw new Error("Cannot look at a picture: expected a classifier that was loaded, got none");
  const predicted = (pDog: number) => say({ kind: "predicted", pDog });
  const lookBy = async ({ opened }: Loaded) => say({ kind: "seen", map: await opened.look(pixels, predicted) });
  try {
    await lookBy(loaded);
  } catch (thrown) {
    // A GPU may be lost, or have less than a photo takes: the processor goes on.
    if (loaded.opened.engine.name !== "webgpu" || loaded.request.by === "webgpu") throw thrown;
    const by: PageEngineName = "wasm";
    loaded.opened = await open({ ...loaded, request: { ...loaded.request, by } });
    await lookBy(loaded);
  }
}
