import { z } from "zod";
import { entryOf } from "../../data/base/entry_of.ts";
import type { BackboneKind, SharedDescription } from "../networks/backbones/backbone_kind.ts";
import { BACKBONES } from "../networks/backbones/backbones.ts";
import { cutText } from "../first_few.ts";
import { schemaProblems } from "../schema_problems.ts";
import type { Network } from "../networks/layers.ts";
import { parseStrictJson } from "./strict_json.ts";

const [first, ...further] = BACKBONES.map(({ description }) => description);
/** What one has to know about a file of weights to compute with it: which backbone, and what that one's file asks for. */
export const BackboneDescription = z.discriminatedUnion("architecture", [first, ...further]);
export type BackboneDescription = z.infer<typeof BackboneDescription>;

/**
 * The backbone of a name.
 * @throws RangeError when there is none.
 */
export function backboneNamed(architecture: string, kinds: readonly BackboneKind[] = BACKBONES): BackboneKind {
  return entryOf(new Map(kinds.map((kind) => [kind.architecture, kind])), architecture, "a backbone");
}

/**
 * The table of rows that a description asks for.
 * @throws RangeError when it describes none of the backbones.
 */
export function networkOf(description: SharedDescription, kinds: readonly BackboneKind[] = BACKBONES): Network {
  return backboneNamed(description.architecture, kinds).networkOf(description);
}

const numberText = z.string().transform(Number);
const listText = z.string().transform((text, context): unknown => {
  try {
    return parseStrictJson(new TextEncoder().encode(text), { depth: 1, names: 0 });
  } catch {
    context.addIssue({ code: "custom", message: `expected a list in JSON, got ${cutText(text)}` });
    return z.NEVER;
  }
});
const sharedMetadata = {
  width: numberText.default(1),
  input_size: numberText,
  input_mean: listText,
  input_std: listText,
  batch_norm_eps: numberText,
};

function metadataSchema(kinds: readonly BackboneKind[]) {
  const [first, ...further] = kinds.map(({ architecture, variants }) =>
    z.object({
      architecture: z.literal(architecture),
      ...sharedMetadata,
      variant: z.enum(Object.keys(variants)).transform((name) => variants[name]),
    })
  );
  return z.discriminatedUnion("architecture", [first, ...further]);
}

/**
 * Reads a description from a safetensors file's metadata, where every value is a text: `architecture`, `variant`,
 * `input_size`, `input_mean`, `input_std`, `batch_norm_eps`, and `width` (1 where it is not given).
 * @throws RangeError that names all that is missing or unknown.
 */
export function describeMetadata(
  metadata: ReadonlyMap<string, string>,
  kinds: readonly BackboneKind[] = BACKBONES,
): SharedDescription {
  const read = metadataSchema(kinds).safeParse(Object.fromEntries(metadata));
  if (!read.success) throw undescribed(read.error);
  const { variant, input_size: inputSize, input_mean: mean, input_std: std, batch_norm_eps: epsilon, ...rest } =
    read.data;
  const { description } = backboneNamed(rest.architecture, kinds);
  const checked = description.safeParse({ ...rest, ...variant, inputSize, mean, std, epsilon });
  if (!checked.success) throw undescribed(checked.error);
  return checked.data;
}

/**
 * The kernels that a file's metadata calls `untrained`: its origin could not supply them, and they hold zeros.
 * @throws RangeError when the entry is not a list of names.
 */
export function untrainedNames(metadata: ReadonlyMap<string, string>): string[] {
  const read = listText.pipe(z.array(z.string())).safeParse(metadata.get("untrained") ?? "[]");
  if (!read.success) throw undescribed(read.error);
  return read.data;
}

function undescribed(error: z.ZodError): RangeError {
  return new RangeError(
    `Cannot tell what the weights are for: expected metadata that describes a backbone, got ${schemaProblems(error)}`,
  );
}
