import { z } from "zod";
import { inDecodePool } from "../../data/picture/batches/decode_pool.ts";
import { byId } from "../../data/id_order.ts";
import { labelOf, LABELS } from "../../data/labels.ts";
import { PhotoError } from "../../data/picture/decode.ts";
import { firstLines } from "../../data/source/first_lines.ts";
import { countFiles, type LeftOut, leftOutInFull, leftOutText } from "../../data/source/left_out.ts";
import type { SourceEntry } from "../../data/source/photo_source.ts";
import { sha256 } from "../files/hashing.ts";
import { type Photo, Scan } from "../photos/photo.ts";
import { noPhotoOf } from "../photos/photos_of_both.ts";
import { readReview } from "../review/file/read_review.ts";
import { REVIEW_FILE } from "../review/file/review.ts";
import { defineStage, type PhotoSet, type StageTools } from "../runner/stage.ts";

type HashTools = Pick<StageTools, "photos" | "hashOf" | "runFolder">;
type ScanTools = Pick<StageTools, "photos" | "facts" | "progress" | "signal" | "warn">;

/**
 * Finds every photo, every file that only looks like one, and what else lies there. A photo is decoded to see whether it
 * is one; what else that tells of it, `trim` takes from there.
 */
export const scan = defineStage({
  name: "scan",
  version: 2,
  inputs: z.object({}),
  output: Scan,
  tools: ["photos", "facts", "hashOf", "runFolder", "progress", "signal", "warn"],
  params: (config) => ({ test: config.test !== null }),
  async external(config, tools) {
    const hashes = await contentHashes("train", "the training photos", tools);
    if (config.test !== null) Object.assign(hashes, await contentHashes("test", "the test photos", tools));
    const byReview = await labelledByReview(tools);
    if (byReview.size > 0) hashes["the photos that only the review labels"] = sha256([...byReview].sort().join("\n"));
    return hashes;
  },
  async run(_, { test }, tools) {
    const { decoded } = tools.facts;
    const found = await scanSet("train", tools);
    const byReview = await labelledByReview(tools);
    // Their label stays null here: `split` settles labels, so that another word of the user's repeats no more than that.
    const withLabel = found.photos.filter(({ id, label }) => label !== null || byReview.has(id));
    for (const label of LABELS) {
      if (!withLabel.some((photo) => photo.label === label)) {
        throw noPhotoOf(label, found.photos.length, found.unreadable, found.leftOut);
      }
    }
    const ofTheReview = withLabel.filter(({ label }) => label === null).length;
    const toPredict = test ? await scanSet("test", tools) : { photos: [], unreadable: [], leftOut: [] };
    const unlabelled = found.photos.filter(({ id, label }) => label === null && !byReview.has(id)).map(({ id }) => id);
    warnOfUnreadable(found, (id) => `${id} in the training folder is left out`, tools);
    warnOfUnreadable(toPredict, (id) => `${id} to predict gets P(dog) 0.5`, tools);
    warnOfLeftOut(found, "the training photos", tools);
    warnOfLeftOut(toPredict, "the photos to predict", tools);
    if (unlabelled.length > 0) {
      tools.warn(`${unlabelled.length} photos are left out, their names say neither cat nor dog: ${some(unlabelled)}`);
    }
    return {
      output: {
        train: withLabel,
        test: toPredict.photos.map((photo) => ({ ...photo, label: null })),
        unreadableTrain: found.unreadable,
        unreadableTest: toPredict.unreadable,
        unlabelled,
        leftOutTrain: found.leftOut,
        leftOutTest: toPredict.leftOut,
      },
      counts: {
        cats: withLabel.filter(({ label }) => label === "cat").length,
        dogs: withLabel.filter(({ label }) => label === "dog").length,
        ...ofTheReview > 0 ? { "labelled by you": ofTheReview } : {},
        "to predict": toPredict.photos.length,
        unreadable: found.unreadable.length + toPredict.unreadable.length,
        unlabelled: unlabelled.length,
        "left out": countFiles(found.leftOut) + countFiles(toPredict.leftOut),
      },
      details: {
        decoded: tools.facts.decoded - decoded,
        leftOut: leftOutText([...found.leftOut, ...toPredict.leftOut]),
      },
    };
  },
});

/** Photos whose names say neither cat nor dog, but the review does: they take part like any other. */
async function labelledByReview({ runFolder }: Pick<StageTools, "runFolder">): Promise<Set<string>> {
  const { relabel } = await readReview(runFolder.path(REVIEW_FILE));
  return new Set([...relabel.keys()].filter((id) => labelOf(id) === undefined));
}

/** Kinds of which files come and go without anyone who put them there: that they do repeats no stage. */
const COME_AND_GO: readonly LeftOut["kind"][] = ["hidden", "system"];

/**
 * Hashes of a set of photos, by name: one of the names and contents of all of them, in the order of their ids, and one of
 * the names of what else lies there, where there is any.
 */
async function contentHashes(set: PhotoSet, name: string, tools: HashTools): Promise<Record<string, string>> {
  const source = await tools.photos(set);
  const lines: string[] = [];
  const beside: string[] = [];
  const entries = await source.list(() => {}, ({ id, kind }) => {
    if (!COME_AND_GO.includes(kind)) beside.push(`${kind} ${id}`);
  });
  for (const entry of entries.toSorted(byId)) {
    const content = await hashOfEntry(set, entry, tools).catch((thrown: unknown) => {
      if (thrown instanceof PhotoError) return thrown.message;
      throw thrown;
    });
    lines.push(`${entry.id} ${content}`);
  }
  return {
    [name]: sha256(lines.join("\n")),
    ...beside.length > 0 ? { [`what lies beside ${name}`]: sha256(beside.sort().join("\n")) } : {},
  };
}

function hashOfEntry(set: PhotoSet, entry: SourceEntry, tools: HashTools): Promise<string> {
  // A zip file's entry keeps its time and often its size when its contents are replaced, but not its checksum.
  const name = entry.crc32 === undefined ? `${set}:${entry.id}` : `${set}:${entry.id}:${entry.crc32.toString(16)}`;
  return tools.hashOf(name, entry, async () => await (await tools.photos(set)).read(entry.id));
}

/** What became of one file: a photo, or why it is none. */
type Scanned = { readonly photo: Photo } | { readonly id: string; readonly reason: string };

/** What was found of a set of photos. */
interface FoundPhotos {
  readonly photos: readonly Photo[];
  readonly unreadable: { id: string; reason: string }[];
  readonly leftOut: LeftOut[];
}

async function scanSet(set: PhotoSet, tools: ScanTools): Promise<FoundPhotos> {
  const source = await tools.photos(set);
  const leftOut: LeftOut[] = [];
  const listed = (await source.list(tools.warn, (left) => leftOut.push(left))).toSorted(byId);
  const entries = set === "train" ? withoutLinks(listed, leftOut, tools) : listed;
  const progress = tools.progress(entries.length, `${set} photos`);
  const photos: Photo[] = [];
  const unreadable: { id: string; reason: string }[] = [];
  const scanned = inDecodePool(entries, async ({ id }): Promise<Scanned> => {
    tools.signal.throwIfAborted();
    try {
      // What is hashed is what was decoded, whatever happens to the file meanwhile.
      const bytes = await source.read(id);
      const content = sha256(bytes);
      const { width, height } = await tools.facts.of(content, () => Promise.resolve(bytes));
      return { photo: { id, label: labelOf(id) ?? null, bytes: bytes.length, sha256: content, width, height } };
    } catch (thrown) {
      if (thrown instanceof PhotoError) return { id, reason: thrown.message };
      throw thrown;
    }
  });
  try {
    for await (const found of scanned) {
      if ("photo" in found) photos.push(found.photo);
      else unreadable.push(found);
      progress.advance();
    }
  } finally {
    // A scan that is stopped goes on from here.
    await tools.facts.save();
  }
  progress.finish();
  return { photos, unreadable, leftOut: leftOut.toSorted(byId) };
}

/**
 * Training photos that are no other one once more under a link's name: nothing is learned from that. (A photo to predict
 * is, under each of its names: the competition asks for every id.)
 */
function withoutLinks(listed: readonly SourceEntry[], leftOut: LeftOut[], tools: Pick<StageTools, "warn">) {
  const links = listed.filter(({ sameAs }) => sameAs !== undefined);
  const lines = links.map(({ id, sameAs }) =>
    `${id} in the training folder is left out: it is the same file as ${sameAs}`
  );
  firstLines(lines, "links to photos that are taken").forEach(tools.warn);
  leftOut.push(...links.map(({ id }): LeftOut => ({ id, kind: "link" })));
  return listed.filter(({ sameAs }) => sameAs === undefined);
}

function warnOfUnreadable({ unreadable }: FoundPhotos, told: (id: string) => string, tools: Pick<StageTools, "warn">) {
  const lines = unreadable.map(({ id, reason }) => `${told(id)}: ${reason}`);
  firstLines(lines, "files that cannot be read: output.json of this stage names them all").forEach(tools.warn);
}

function warnOfLeftOut({ leftOut }: FoundPhotos, beside: string, tools: Pick<StageTools, "warn">) {
  if (leftOut.length > 0) tools.warn(`left out beside ${beside}: ${leftOutInFull(leftOut)}`);
}

function some(ids: readonly string[]): string {
  return ids.slice(0, 3).join(", ") + (ids.length > 3 ? ", ..." : "");
}
