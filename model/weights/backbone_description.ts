import { z } from "zod";
import { cutText, firstFew } from "../first_few.ts";
import { inceptionV3 } from "../networks/backbones/inception_v3.ts";
import type { Network } from "../networks/layers.ts";
import { resnet50 } from "../networks/backbones/resnet50.ts";
import { parseStrictJson } from "./strict_json.ts";

/** A number between two, which the error names. */
function between(least: number, most: number, unit = "") {
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected ${least} to ${most}${unit}, got ${cutText(String(input))}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

/** Means of values from 0 to 1. */
const mean = between(0, 1);
/** A pixel of 255 enters as 1,000 at most. */
const deviation = between(1e-3, 1e3);
/**
 * Above this a photo's first maps alone take more than 64 MB, several times over in a batch; published weights of these
 * two networks were trained on 160 to 450 pixels.
 */
export const MOST_INPUT_SIZE = 1024;
/**
 * The smallest photos, in pixels: ResNet50's stride in all, so that its last map's one position sees no more padding
 * than photo; the first size at which Inception_v3, which pads less, has a last map at all.
 */
export const LEAST_INPUT_SIZE = { resnet50: 32, inception_v3: 75 } as const;

const common = (leastSize: number) => ({
  /** Multiplies every channel count; a ResNet50 twice as wide takes 376 MB, and no file may take more than 500. */
  width: between(1 / 16, 2),
  /** Height and width of the photos that the weights were trained on, in pixels. */
  inputSize: between(leastSize, MOST_INPUT_SIZE, " pixels").int(),
  /** A pixel enters as `(value / 255 - mean) / std`, red, green, blue. */
  mean: z.tuple([mean, mean, mean]),
  std: z.tuple([deviation, deviation, deviation]),
  /** The batch norms' epsilon. */
  epsilon: between(1e-12, 1),
});

/** What one has to know about a file of weights to compute with it. */
export const BackboneDescription = z.discriminatedUnion("architecture", [
  z.strictObject({
    architecture: z.literal("resnet50"),
    ...common(LEAST_INPUT_SIZE.resnet50),
    strideIn: z.enum(["3x3", "1x1"]),
  }),
  z.strictObject({
    architecture: z.literal("inception_v3"),
    ...common(LEAST_INPUT_SIZE.inception_v3),
    countPadding: z.boolean(),
    lastPool: z.enum(["average", "max"]),
  }),
]);
export type BackboneDescription = z.infer<typeof BackboneDescription>;

/** The tables of rows that a description asks for. */
export function networkOf(description: BackboneDescription): Network {
  return description.architecture === "resnet50" ? resnet50(description) : inceptionV3(description);
}

/** What the names of published variants stand for. */
const VARIANTS = {
  resnet50: { "torchvision": { strideIn: "3x3" }, "keras-v1": { strideIn: "1x1" } },
  inception_v3: {
    "torchvision": { countPadding: true, lastPool: "average" },
    "tf-2015": { countPadding: false, lastPool: "max" },
  },
} as const;

const numberText = z.string().transform(Number);
const listText = z.string().transform((text, context): unknown => {
  try {
    return parseStrictJson(new TextEncoder().encode(text), { depth: 1, names: 0 });
  } catch {
    context.addIssue({ code: "custom", message: `expected a list in JSON, got ${cutText(text)}` });
    return z.NEVER;
  }
});
const metadataCommon = {
  width: numberText.default(1),
  input_size: numberText,
  input_mean: listText,
  input_std: listText,
  batch_norm_eps: numberText,
};
const metadataSchema = z.discriminatedUnion("architecture", [
  z.object({
    architecture: z.literal("resnet50"),
    ...metadataCommon,
    variant: z.enum(["torchvision", "keras-v1"]).transform((name) => VARIANTS.resnet50[name]),
  }),
  z.object({
    architecture: z.literal("inception_v3"),
    ...metadataCommon,
    variant: z.enum(["torchvision", "tf-2015"]).transform((name) => VARIANTS.inception_v3[name]),
  }),
]);

/**
 * Reads a description from a safetensors file's metadata, where every value is a text: `architecture`, `variant`,
 * `input_size`, `input_mean`, `input_std`, `batch_norm_eps`, and `width` (1 where it is not given).
 * @throws RangeError that names all that is missing or unknown.
 */
export function describeMetadata(metadata: ReadonlyMap<string, string>): BackboneDescription {
  const read = metadataSchema.safeParse(Object.fromEntries(metadata));
  if (!read.success) throw undescribed(read.error);
  const { variant, input_size: inputSize, input_mean: mean, input_std: std, batch_norm_eps: epsilon, ...rest } =
    read.data;
  const checked = BackboneDescription.safeParse({ ...rest, ...variant, inputSize, mean, std, epsilon });
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
  const problems = firstFew(error.issues.map(({ path, message }) => cutText(`${path.join(".")}: ${message}`)), "; ");
  return new RangeError(
    `Cannot tell what the weights are for: expected metadata that describes a backbone, got ${problems}`,
  );
}
