import { MINIMUM_CHANNEL, MINIMUM_MEAN } from "../../data/picture/facts/borders.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import type { WeightsOrigin } from "../weights/weights_origin.ts";
import type { OnnxEntry } from "./classifier_to_onnx.ts";

/** What an ONNX file tells of where it comes from. */
export interface OnnxFacts {
  /** The program and its version. */
  readonly madeBy: string;
  /** What was trained, in words. */
  readonly recipe: string;
  /** One for each backbone, in their order. */
  readonly weights: readonly WeightsOrigin[];
  /** How far the competition's file keeps probabilities from 0 and 1. */
  readonly clip: number;
}

/** What an ONNX file says of itself. */
export interface OnnxDescription {
  /** What goes in, for an input. */
  readonly input: string;
  /** What comes out. */
  readonly output: string;
  /** For the file's metadata. */
  readonly metadata: ReadonlyMap<string, string>;
}

const TRIM =
  `White borders are cut before resizing. A row is border when all its bytes are ${MINIMUM_CHANNEL} or more and ` +
  `their mean is ${MINIMUM_MEAN} or more; so is a column. Border rows are cut at the top and the bottom, then border ` +
  "columns of what is left at both sides, again and again until nothing is left to cut. Where all rows (or all columns) " +
  "are border, none of them is cut.";
const RESIZE =
  "Squashed to a square for each backbone: height and width are scaled apart, nothing is cropped or padded. A " +
  "triangle filter, widened where a side shrinks, the last pixel repeated beyond the edges: ONNX's Resize with linear, " +
  "antialias and half_pixel. Pillow's resize((size, size), Image.BILINEAR) differs by rounding, and a little at the edges.";

/** Describes an ONNX file so that who has nothing else can use it. */
export function describeOnnx(entry: OnnxEntry, backbones: readonly Backbone[], facts: OnnxFacts): OnnxDescription {
  const isPhoto = entry === "photo";
  const colours = "uint8, colours in the order red, green, blue, 0 to 255 as they were decoded";
  const input = isPhoto
    ? `One photo of any size, upright and whole: ${colours}.`
    : `Photos that were trimmed and resized (see the metadata), the same ones in the same order for both inputs: ${colours}.`;
  const output = "P(dog) of each photo, 0 to 1; P(cat) is 1 minus it. Not clipped.";
  const where = (text: string) => `${isPhoto ? "Done inside the file" : "To be done before"}. ${text}`;
  const metadata = new Map([
    ["what", "Tells a photo of a cat from one of a dog."],
    ["input", input],
    ["output", output],
    ["classes", JSON.stringify(["cat", "dog"])],
    [
      "decode",
      "As 8-bit sRGB, by the photo's colour profile where it has one; turned upright as its EXIF orientation says; what " +
      "is transparent laid on white. Colours in the order red, green, blue, 0 to 255.",
    ],
    ["trim", where(TRIM)],
    ["resize", where(RESIZE)],
    ["normalise", "Done inside the file: (byte / 255 - mean) / std."],
    ["clip", `Not done. The competition's file is kept ${facts.clip} away from 0 and 1.`],
    ["recipe", facts.recipe],
    ["made_by", facts.madeBy],
  ]);
  for (const [k, { network: { architecture, inputShape }, description: { mean, std } }] of backbones.entries()) {
    metadata.set(`${architecture}.size`, String(inputShape.height));
    metadata.set(`${architecture}.mean`, JSON.stringify(mean));
    metadata.set(`${architecture}.std`, JSON.stringify(std));
    metadata.set(`${architecture}.weights`, JSON.stringify(facts.weights[k]));
  }
  return { input, output, metadata };
}
