import { messageOf } from "../../data/base/message_of.ts";
import { availableParallelism } from "node:os";
import { join } from "@std/path";
import { explain } from "../../pipeline/commands/endings/explain.ts";
import { backboneFiles } from "../../pipeline/weights/open_backbones.ts";
import { helpOf } from "../../pipeline/commands/options/help.ts";
import { readBackbone } from "../../pipeline/weights/weights_folder.ts";
import { appendTable, BENCHMARKS_PAGE } from "./page/benchmarks_page.ts";
import type { BackboneOnDisk } from "./contestants/contestant.ts";
import { openContestants } from "./contestants/contestants.ts";
import type { BenchContext } from "./context.ts";
import { machineLines, onnxruntimeVersion } from "./page/hardware.ts";
import { BENCH, type BenchSettings, benchSettings, type Section, SECTIONS } from "./options.ts";
import { startTorch, type Torch, torchContestants } from "./peers/torch.ts";
import { benchPhotos } from "./photos.ts";
import type { BenchRow } from "./page/row.ts";
import { backboneRows } from "./sections/backbones.ts";
import { feedRows } from "./sections/feed.ts";
import { finetuneRows } from "./sections/finetune.ts";
import { headRows } from "./sections/head.ts";
import { photoRows } from "./sections/photos.ts";
import { photosOfEachClass, pipelineRows } from "./sections/whole_run.ts";
import { scaleRows } from "./sections/scale.ts";
import { transformRows } from "./sections/transform.ts";
import { benchTable } from "./page/table.ts";

const ROWS: Record<Section, (context: BenchContext) => Promise<BenchRow[]>> = {
  photos: photoRows,
  feed: feedRows,
  transform: transformRows,
  backbones: backboneRows,
  head: headRows,
  finetune: finetuneRows,
  pipeline: pipelineRows,
  scale: scaleRows,
};

/** Photos of each class that parts look at, without and with `--quick`; those that are not named look at none. */
const PHOTOS_OF_EACH_CLASS: Readonly<Partial<Record<Section, readonly [number, number]>>> = {
  photos: [128, 8],
  feed: [128, 16],
  transform: [64, 16],
  finetune: [8, 8],
};

/** @returns whether every row was timed and computed what it should. */
async function bench(words: readonly string[], signal: AbortSignal): Promise<boolean> {
  const { given, settings } = benchSettings(words);
  if (given.switches.has("help")) {
    console.log(helpOf(BENCH));
    return true;
  }
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  const left: string[] = [];
  let torch: Torch | undefined;
  let context: BenchContext | undefined;
  try {
    const onnxruntime = await onnxruntimeVersion();
    torch = await torchIfAsked(settings, folder, left);
    context = await openContext(settings, folder, onnxruntime, torch, left, signal);
    const rows: BenchRow[] = [];
    for (const section of SECTIONS) {
      signal.throwIfAborted();
      if (settings.sections.has(section)) rows.push(...await ROWS[section](context));
    }
    const lines = [
      `\`deno task bench ${words.join(" ")}\``,
      ...settings.note ? [settings.note] : [],
      ...settings.quick ? ["Small sizes (--quick): the times mean nothing."] : [],
      ...await machineLines(onnxruntime, torch?.version),
      `Weights: ${settings.weights}; photos: ${context.photos.origin}`,
      ...context.contestants.map(({ name, device }) => `${name}: ${device}`),
      ...left,
    ];
    const text = `${lines.map((line) => `- ${line}`).join("\n")}\n\n${benchTable(rows)}\n`;
    console.log(text);
    if (settings.append) await appendTable(text);
    if (settings.append) console.error(`added to ${BENCHMARKS_PAGE}`);
    return !rows.some(({ failed }) => failed);
  } finally {
    for (const contestant of context?.contestants ?? []) await contestant.close();
    await torch?.process.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function torchIfAsked(settings: BenchSettings, folder: string, left: string[]): Promise<Torch | undefined> {
  if (settings.torch === undefined) return undefined;
  try {
    await Deno.stat(join(settings.reference, "nets.py"));
    return await startTorch(settings.torch, settings.reference, settings.threads ?? availableParallelism(), folder);
  } catch (error) {
    const message = messageOf(error);
    left.push(`Left out: PyTorch's rows (${message}); --reference names the folder of nets.py`);
    return undefined;
  }
}

async function openContext(
  settings: BenchSettings,
  folder: string,
  onnxruntime: string,
  torch: Torch | undefined,
  left: string[],
  signal: AbortSignal,
): Promise<BenchContext> {
  const backbones: BackboneOnDisk[] = [];
  for (const file of await backboneFiles(settings.weights)) {
    backbones.push({ ...await readBackbone(file), path: file.path });
  }
  const photos = await benchPhotos(settings.data, photosNeeded(settings), folder);
  const opened = settings.sections.has("backbones")
    ? await openContestants(settings.engines, folder, { onnxruntime })
    : { contestants: [], leftOut: [] };
  left.push(...opened.leftOut.map(({ name, reason }) => `Left out: ${name} (${reason.replace(/\s+/g, " ").trim()})`));
  const contestants = [
    ...opened.contestants,
    ...torch && settings.sections.has("backbones") ? torchContestants(torch) : [],
  ];
  return {
    settings,
    folder,
    backbones,
    contestants,
    torch,
    photos,
    signal,
    say: (line) => console.error(line),
  };
}

/** How many photos of each class the chosen parts need. */
function photosNeeded({ sections, limit, quick }: BenchSettings): number {
  const counts = [...sections].map((section) => PHOTOS_OF_EACH_CLASS[section]?.[quick ? 1 : 0] ?? 0);
  return Math.max(sections.has("pipeline") ? photosOfEachClass(limit) : 0, ...counts);
}

if (import.meta.main) {
  const interruption = new AbortController();
  Deno.addSignalListener("SIGINT", () => interruption.abort());
  try {
    Deno.exit(await bench(Deno.args, interruption.signal) ? 0 : 1);
  } catch (thrown) {
    console.error(explain(thrown));
    Deno.exit(1);
  }
}
