import { z } from "zod";
import { inceptionV3 } from "../networks/inception_v3.ts";
import type { Network } from "../networks/layers.ts";
import { resnet50 } from "../networks/resnet50.ts";

const positive = z.number().positive();
const rgb = z.tuple([z.number(), z.number(), z.number()]);
const common = {
  /** Multiplies every channel count. */
  width: positive,
  /** Height and width of the photos that the weights were trained on, in pixels. */
  inputSize: z.number().int().positive(),
  /** A pixel enters as `(value / 255 - mean) / std`, red, green, blue. */
  mean: rgb,
  std: z.tuple([positive, positive, positive]),
  /** The batch norms' epsilon. */
  epsilon: positive,
};

/** What one has to know about a file of weights to compute with it. */
export const BackboneDescription = z.discriminatedUnion("architecture", [
  z.strictObject({ architecture: z.literal("resnet50"), ...common, strideIn: z.enum(["3x3", "1x1"]) }),
  z.strictObject({
    architecture: z.literal("inception_v3"),
    ...common,
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
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: `expected a list in JSON, got ${text}` });
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
  const problems = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  return new RangeError(
    `Cannot tell what the weights are for: expected metadata that describes a backbone, got ${problems}`,
  );
}
