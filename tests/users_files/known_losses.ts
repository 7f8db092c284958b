import type { Layout, Step } from "./steps.ts";
import type { Stranger } from "./worlds/strangers.ts";

const file = (at: string, name: string): Stranger => ({ at, name, kind: "file" });
const folder = (at: string, name: string): Stranger => ({ at, name, kind: "folder" });
const here = (words: string): Step => ({ does: "command", words: words.split(" "), manner: { kind: "here" } });
const finished = (story: Extract<Step, { does: "finished run" }>["story"]): Step => ({
  does: "finished run",
  at: "run",
  story,
});
const put = (at: string, name: string, kind: Stranger["kind"]): Step => ({ does: "put", stranger: { at, name, kind } });
const PIPELINE = "pipeline --backend onnx --weights mini";

/** What once took files of the user's, by what was done. */
export const KNOWN_LOSSES: Record<string, Layout> = {
  "--out is the folder of the photos": {
    photos: "train and test",
    strangers: [],
    steps: [here(`${PIPELINE} --data photos/train --test photos/test --out photos`)],
  },
  "a stage with --out above the photos": {
    photos: "train and test",
    strangers: [],
    steps: [here("stage train --backend onnx --weights mini --data photos/train --out photos")],
  },
  "photos where the run would go": {
    photos: "where runs go",
    strangers: [],
    steps: [here(`${PIPELINE} --data runs/photos --out runs/photos`)],
  },
  "--out holds folders with the names of stages": {
    photos: "train and test",
    strangers: [file("new/report", "thesis.docx"), file("new/scan", "page1.tiff")],
    steps: [here("stage scan --data photos --out new")],
  },
  "--out has a link to a folder for a stage": {
    photos: "train and test",
    strangers: [],
    steps: [here("stage scan --data photos --out project")],
  },
  "--out has another program's hashes.json": {
    photos: "train and test",
    strangers: [file("new", "hashes.json")],
    steps: [here("stage scan --data photos --out new")],
  },
  "a file of the user's in a finished run": {
    photos: "train and test",
    strangers: [],
    steps: [
      finished("as it was made"),
      put("run/scan", "page1.tiff", "read-only file"),
      here("stage scan --out run --force"),
    ],
  },
  "a stage of a finished run is a link to an album": {
    photos: "train and test",
    strangers: [],
    steps: [finished("with a link to an album for a stage"), here("stage report --out run --force")],
  },
  "a sample over a folder that looks like one": {
    photos: "train and test",
    strangers: [folder("new", "train"), file("new", "truth.json")],
    steps: [{ does: "small sample", at: "new", seed: 0 }],
  },
  "a photo of the user's where a stopped draw had not drawn yet": {
    photos: "train and test",
    strangers: [],
    steps: [
      { does: "small sample", at: "new", seed: 0, stopAfter: 4 },
      put("new/train", "cat.0.jpg", "file"),
      { does: "small sample", at: "new", seed: 0 },
    ],
  },
  "a photo of the user's in the place of a drawn one": {
    photos: "train and test",
    strangers: [],
    steps: [
      { does: "small sample", at: "new", seed: 0 },
      { does: "put instead", stranger: file("new/train", "cat.0.jpg") },
      { does: "small sample", at: "new", seed: 1 },
    ],
  },
  "the studio's thumbnails where a link leads to an album": {
    photos: "train and test",
    strangers: [],
    steps: [finished("as it was made"), put("run", "thumbnails", "link to a folder"), { does: "studio", run: "run" }],
  },
  "decisions in the studio beside files of the user's": {
    photos: "train and test",
    strangers: [],
    steps: [
      finished("as it was made"),
      put("run", "review-history.jsonl", "hard link"),
      put("run", "review-draft.json", "link to a file"),
      put("run/thumbnails", "page1.tiff", "read-only file"),
      { does: "studio", run: "run" },
    ],
  },
  "an export over another's files": {
    photos: "train and test",
    strangers: [file("new", "classifier.onnx")],
    steps: [finished("as it was made"), here("export --run run --to new")],
  },
  "a manifest that names files outside": {
    photos: "train and test",
    strangers: [],
    steps: [finished("with a manifest that names files of the user's"), here("stage split --out run")],
  },
  "an unfinished file that is a link": {
    photos: "train and test",
    strangers: [],
    steps: [
      finished("as it was made"),
      put("run", "config.json.unfinished", "link to a file"),
      here("stage scan --out run --seed 1"),
    ],
  },
  "an unfinished file that is another's by a hard link": {
    photos: "train and test",
    strangers: [],
    steps: [
      finished("as it was made"),
      put("run", "hashes.json.unfinished", "hard link"),
      here("stage scan --out run --force"),
    ],
  },
  "an unfinished download that is a link": {
    photos: "flat",
    strangers: [{ at: "weights/full", name: "resnet50.tv_in1k.safetensors.unfinished", kind: "link to a file" }],
    steps: [{ does: "weights", from: "backbones" }],
  },
};
