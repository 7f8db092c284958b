/** Pictures that are dropped, pasted, chosen or taken are looked at by a worker, one after another; nothing is sent. */
import { messageOf } from "../../../data/base/message_of.ts";
import type { EvidenceMap } from "../../evidence/evidence_map.ts";
import "../../studio/client/looking.ts";
import { takePictures } from "../../studio/client/take_pictures.ts";
import { notTried, triedCard } from "../../studio/pages/try/tried_card.ts";
import type { PageReply, PageRequest } from "../computing/messages.ts";
import { type DecodedPicture, decodePicture } from "./decode_picture.ts";
import { drawMap } from "./draw_map.ts";

/** An image of nothing, until there is a map. */
const NO_MAP = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

const tried = document.getElementById("tried");
const said = document.getElementById("said");
const state = document.getElementById("state");
const bar = document.querySelector<HTMLProgressElement>("#loading");
const worker = new Worker(new URL("../computing/classifier_worker.ts", import.meta.url), { type: "module" });

let waiting: Promise<unknown> = Promise.resolve();
/** Hears of the picture that is being looked at. */
let listener: ((reply: PageReply) => void) | undefined;

const ask = (request: PageRequest, transferred: Transferable[] = []) => worker.postMessage(request, transferred);

function say(words: string): void {
  if (said) said.textContent = words;
}

function describeState(words: string, loaded?: { readonly bytes: number; readonly of: number }): void {
  if (state) state.textContent = words;
  if (!bar) return;
  bar.hidden = loaded === undefined;
  if (loaded) [bar.max, bar.value] = [loaded.of, loaded.bytes];
}

worker.addEventListener("message", ({ data: reply }: MessageEvent<PageReply>) => {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  switch (reply.kind) {
    case "loading":
      describeState(`Loading ${megabytes(reply.bytes)} of ${megabytes(reply.of)} MB`, reply);
      break;
    case "preparing":
      describeState("Preparing the classifier");
      break;
    case "opened":
      document.body.dataset.by = reply.by;
      describeState(`Computed on ${reply.device}.`);
      break;
    case "not opened":
      describeState(reply.message);
      listener?.({ kind: "failed", message: "there is no classifier" });
      break;
    default:
      listener?.(reply);
  }
});
worker.addEventListener("error", ({ message }) => {
  describeState(`This browser cannot run the classifier: ${message || "it does not know a part of its programs"}.`);
  listener?.({ kind: "failed", message: "there is no classifier" });
});

/** P(dog) goes onto the page at once, the map when it comes. */
function lookAt(name: string, { pixels, address }: DecodedPicture): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let card: Element | null | undefined;
  listener = (reply) => {
    if (reply.kind === "predicted") {
      const { pDog } = reply;
      card?.remove();
      tried?.insertAdjacentHTML("afterbegin", triedCard({ name, pDog }, address, NO_MAP).markup);
      card = tried?.firstElementChild;
      card?.setAttribute("data-p-dog", String(pDog));
    } else if (reply.kind === "seen") {
      showMap(card, reply.map);
      resolve();
    } else if (reply.kind === "failed") reject(new Error(reply.message));
  };
  ask({ kind: "look", pixels }, [pixels.data.buffer]);
  return promise;
}

function showMap(card: Element | null | undefined, map: EvidenceMap): void {
  const picture = card?.querySelector<HTMLImageElement>("img.evidence");
  if (picture) picture.src = drawMap(map);
  card?.setAttribute("data-seen", map.by);
}

async function tryPicture(file: File): Promise<void> {
  const name = file.name || "a picture";
  say(`Looking at ${name} ...`);
  try {
    await lookAt(name, await decodePicture(file));
    say("");
  } catch (thrown) {
    tried?.insertAdjacentHTML("afterbegin", notTried(name, messageOf(thrown)).markup);
    tried?.firstElementChild?.setAttribute("data-seen", "not");
    say("");
  }
}

/** One picture after the other, the latest on top. */
function tryAll(pictures: readonly File[]): void {
  for (const file of pictures) waiting = waiting.then(() => tryPicture(file));
}

takePictures(tryAll);

const by = new URL(location.href).searchParams.get("by");
ask({ kind: "open", base: location.href, ...(by === "webgpu" || by === "wasm" ? { by } : {}) });
