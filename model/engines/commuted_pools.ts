import type { ActivationShape, AveragePoolRow, Network } from "../networks/layers.ts";
import { inputsOf } from "../networks/network.ts";

/**
 * The means that are better taken after the 1x1 convolution that reads them, by their output. That is the same, since
 * both are linear and act on different axes, and pools fewer channels; bias and ReLU then follow the mean.
 */
export function commutedPools(
  network: Network,
  outputs: readonly string[],
  shapes: ReadonlyMap<string, ActivationShape>,
): Map<string, AveragePoolRow> {
  const commuted = new Map<string, AveragePoolRow>();
  for (const row of network.rows) {
    if (row.kind !== "average_pool" || outputs.includes(row.output) || row.output === network.output) continue;
    const readers = network.rows.filter((reader) => inputsOf(reader).includes(row.output));
    const [reader] = readers;
    if (readers.length !== 1 || reader.kind !== "convolution" || reader.residual !== undefined) continue;
    const pointwise = [...reader.kernel, ...reader.stride].every((extent) => extent === 1) &&
      reader.padding.every((extent) => extent === 0);
    const [before, after] = [shapes.get(row.input), shapes.get(row.output)];
    const keepsSize = before?.height === after?.height && before?.width === after?.width;
    if (pointwise && keepsSize && reader.outputChannels < reader.inputChannels) commuted.set(row.output, row);
  }
  return commuted;
}
