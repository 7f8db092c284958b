import { z } from "zod";
import { cutText } from "../../first_few.ts";
import { schemaProblems } from "../../schema_problems.ts";
import type { Network, Normalisation } from "../layers.ts";

/** What the description of any backbone's weights says. */
export interface SharedDescription extends Normalisation {
  readonly architecture: string;
  /** Multiplies every channel count. */
  readonly width: number;
  /** Height and width of the photos that the weights were trained on, in pixels. */
  readonly inputSize: number;
  /** The batch norms' epsilon. */
  readonly epsilon: number;
}

/** A backbone as everything sees it that knows none by name. */
export interface BackboneKind {
  /** Its name in metadata, messages and manifests. */
  readonly architecture: string;
  /** What one has to know about a file of its weights: a `SharedDescription` with fields of its own. */
  readonly description: z.ZodType<SharedDescription>;
  /** What the names of its published variants stand for: fields of its own. */
  readonly variants: Readonly<Record<string, object>>;
  /** What the names of tensors start with that published files hold besides, such as classifiers. */
  readonly besides: readonly string[];
  /**
   * The rows that a description asks for.
   * @throws RangeError when fields of its own are missing or wrong, or the width gives no whole channel counts.
   */
  networkOf(description: SharedDescription): Network;
}

/** What a backbone says of itself. */
interface BackboneOptions<Name extends string, Fields extends z.ZodRawShape> {
  readonly architecture: Name;
  /** The smallest photos that it takes, in pixels. */
  readonly leastInputSize: number;
  /** What differs between its published weights, besides what every description says. */
  readonly fields: Fields;
  readonly variants: Readonly<Record<string, z.infer<z.ZodObject<Fields, z.core.$strip>>>>;
  readonly besides: readonly string[];
  readonly network: (description: SharedDescription & z.infer<z.ZodObject<Fields, z.core.$strip>>) => Network;
}

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
 * Above this a photo's first maps alone take more than 64 MB, several times over in a batch; published weights of the
 * first two backbones were trained on 160 to 450 pixels.
 */
export const MOST_INPUT_SIZE = 1024;

const shared = (leastInputSize: number) => ({
  /** A ResNet50 twice as wide takes 376 MB, and no file may take more than 500. */
  width: between(1 / 16, 2),
  inputSize: between(leastInputSize, MOST_INPUT_SIZE, " pixels").int(),
  /** A pixel enters as `(value / 255 - mean) / std`, red, green, blue. */
  mean: z.tuple([mean, mean, mean]),
  std: z.tuple([deviation, deviation, deviation]),
  epsilon: between(1e-12, 1),
});

/** A backbone made of what its file says of it. */
export function backboneKind<Name extends string, Fields extends z.ZodRawShape>(
  { architecture, leastInputSize, fields, variants, besides, network }: BackboneOptions<Name, Fields>,
) {
  const own = z.object(fields);
  return {
    architecture,
    leastInputSize,
    description: z.strictObject({ architecture: z.literal(architecture), ...shared(leastInputSize), ...fields }),
    variants,
    besides,
    networkOf(description: SharedDescription): Network {
      const read = own.safeParse(description);
      if (!read.success) {
        throw new RangeError(
          `Cannot build ${architecture}: expected a description of it, got ${schemaProblems(read.error)}`,
        );
      }
      return network({ ...description, ...read.data });
    },
  };
}
