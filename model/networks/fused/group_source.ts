import { FUSED_BACKBONES, type Summary } from "./fusion_net.ts";
import type { Network } from "../layers.ts";
import { summaryName } from "./summaries.ts";

/** What a group of features is a summary of. */
export interface GroupSource extends Summary {
  /** The number of its backbone. */
  readonly backbone: number;
}

/**
 * The value inside a backbone that a group of features sums up, and how: a group is called after the backbone's prefix and
 * the summary, or the value that the backbone ends in.
 * @param networks of the backbones
 * @throws RangeError when nothing is called so, or its backbone does not end in a mean.
 */
export function groupSource(name: string, networks: readonly Network[]): GroupSource {
  for (const [backbone, { prefix, summaries }] of FUSED_BACKBONES.entries()) {
    const summary = summaries.find((summary) => `${prefix}.${summaryName(summary)}` === name);
    if (summary) return { ...summary, backbone };
    const { rows, output } = networks[backbone];
    const last = rows.find((row) => row.output === output);
    if (`${prefix}.${output}` === name && last?.kind === "global_average") {
      return { value: last.input, by: "global_average", backbone };
    }
  }
  throw new RangeError(`Cannot tell where features come from: expected a group of the backbones, got ${name}`);
}
