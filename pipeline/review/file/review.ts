import { z } from "zod";
import { canonicalJson } from "../../files/hashing.ts";
import type { Label } from "../../../data/labels.ts";
import { LabelSchema } from "../../photos/photo.ts";

/** The file in a run's folder that is the user's word on labelled photos. */
export const REVIEW_FILE = "review.json";

/** The file beside it by which editors check it and complete what is typed. */
export const REVIEW_SCHEMA_FILE = "review.schema.json";

/** What may stand in the file. Each photo stands in one place at most. */
export const ReviewFile = z.strictObject({
  $schema: z.string().optional(),
  keep: z.array(z.string()).optional().describe("Photos that are never set aside, whatever their loss"),
  drop: z.array(z.string()).optional().describe("Photos that take part in nothing: no fit, no validation, no fold"),
  relabel: z.record(z.string(), LabelSchema).optional().describe(
    "Photos with the label that they count under, and keep",
  ),
});

/** The user's word, on training and validation photos alike. */
export interface Review {
  /** Photos that stay in training, whatever their loss. */
  readonly keep: ReadonlySet<string>;
  /** Photos that take part in nothing. */
  readonly drop: ReadonlySet<string>;
  /** What photos show that are named otherwise, or that no name tells. */
  readonly relabel: ReadonlyMap<string, Label>;
}

/** The word of a user who has said nothing. */
export const EMPTY_REVIEW: Review = { keep: new Set(), drop: new Set(), relabel: new Map() };

/** What may stand in the file, to be shown. */
export const REVIEW_EXAMPLE = `{"keep":["cat.1.jpg"],"drop":["dog.2.jpg"],"relabel":{"cat.7.jpg":"dog"}}`;

/** What stands in the file before the user wrote into it. */
export const EMPTY_REVIEW_TEXT = `${
  JSON.stringify({ $schema: `./${REVIEW_SCHEMA_FILE}`, keep: [], drop: [], relabel: {} }, null, 2)
}\n`;

/** The content of the schema's file. */
export function reviewSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(ReviewFile), null, 2)}\n`;
}

/** What the review says of labels and of what takes part, as one text: the same for the same word. */
export function wordOnLabels({ drop, relabel }: Review): string {
  return canonicalJson({ drop: [...drop].sort(), relabel: Object.fromEntries(relabel) });
}

/** What the review says of who is not set aside, as one text: the same for the same word. */
export function wordOnOutliers({ keep, relabel }: Review): string {
  return canonicalJson([...keep, ...relabel.keys()].sort());
}
