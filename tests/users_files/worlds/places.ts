import fc from "fast-check";
import { STAGE_NAMES } from "../../../pipeline/runner/stage.ts";
import { KINDS, type Stranger } from "./strangers.ts";

/** Where commands can be pointed at: what is there and what is not, from the user's home. */
const PLACES = [
  "run",
  "new",
  "photos",
  "photos/train",
  "photos/test",
  "photos/new",
  "photos/train/cats",
  ".",
  "..",
  "../outside",
  "../outside/album",
  "runs",
  "runs/photos",
  "runs/photos-train",
  "runs/sample",
  "runs/.features",
  "project",
  "project/report",
  "project/new",
  "new/deep/er",
  "photos-link",
  "photos-link/train",
  "album-link",
  "run-link",
  "weights/full",
  "run/photos",
  "run/train",
  "run/export",
  "dangling",
  "loop",
  "notes.txt",
  "photos.zip",
  "no/../photos",
] as const;

/** Stand for the two places of a layout at which most of what happens in it happens. */
export const SPOTS = ["SPOT-1", "SPOT-2"] as const;

const FOLDERS_OF_A_RUN = [
  ...STAGE_NAMES,
  "photos",
  "photos/train",
  "evaluate",
  "export",
  "thumbnails",
  "evaluate/transform-112-147",
];

/** Names that the program gives to its own files and folders, and some that lie beside. */
const NAMES = [
  "thesis.docx",
  "page1.tiff",
  "hashes.json",
  "facts.jsonl",
  "config.json",
  "manifest.json",
  "output.json",
  "started.json",
  "submission.csv",
  "report.html",
  "classifier.onnx",
  "classifier_batches.onnx",
  "truth.json",
  "lock",
  "review.json",
  "review.schema.json",
  "review-history.jsonl",
  "review-draft.json",
  "ranges.json",
  "thumbnails",
  "run.json",
  "state.safetensors",
  "checkpoint.safetensors",
  "features.json",
  "set.json",
  "rows.json",
  "blocks.json",
  "cat.0.jpg",
  "cat.900.jpg",
  "notes.unfinished",
  "config.json.unfinished",
  "hashes.json.unfinished",
  "facts.jsonl.unfinished",
  "output.json.unfinished",
  "manifest.json.unfinished",
  "submission.csv.unfinished",
  "classifier.onnx.unfinished",
  "blocks.json.unfinished",
  ".photos.unfinished",
  ".small.unfinished",
  "photos",
  "evaluate",
  "export",
  "resnet50.tv_in1k.safetensors.unfinished",
  "resnet50.tv_in1k.safetensors.unfinished.etag",
  "small",
  ...STAGE_NAMES,
] as const;

/** One of several kinds of a thing, each with how often it comes beside the others; the simplest first. */
export function oftenOf<T>(...kinds: readonly (readonly [weight: number, kind: fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Where a run may begin, so that not all of a layout is refused. */
const FREE = ["run", "new", "runs/photos-train", "project/new", "new/deep/er", "run-link", "runs/sample"] as const;

const anywhere = fc.constantFrom<string>(...PLACES);
const [first, second] = [fc.constant<string>(SPOTS[0]), fc.constant<string>(SPOTS[1])];
/** What stands for the spots in a layout. */
export const spots = fc.tuple(oftenOf([5, fc.constantFrom<string>(...FREE)], [1, anywhere]), anywhere);
/** Where anything may be. */
export const place = oftenOf([3, first], [3, second], [2, anywhere]);
/** Where things lie that are not in the way of a run from the start. */
export const elsewhere = oftenOf([1, second], [1, fc.constantFrom<string>("photos", "project", "../outside/album")]);
/** Where a run is or comes to be. */
export const run = oftenOf([16, first], [2, second], [1, anywhere]);
/** Where photos are. */
export const photos = oftenOf([6, fc.constant("photos")], [1, second], [1, anywhere]);

/** A folder of a run. */
export const inARun = fc.tuple(run, fc.constantFrom("", ...FOLDERS_OF_A_RUN)).map((parts) =>
  parts.filter((part) => part !== "").join("/")
);
export const strangerIn = (at: fc.Arbitrary<string>): fc.Arbitrary<Stranger> =>
  fc.record({ at, name: fc.constantFrom(...NAMES), kind: fc.constantFrom(...KINDS) });
