import { z } from "zod";
import { fitLinearProbe } from "../../../model/linear/fit_linear_probe.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import { RECIPES } from "../../../pipeline/settings/recipes.ts";
import type { BenchContext } from "../context.ts";
import { spreadOf, timed, timeInTurns } from "../timing/measure.ts";
import { type BenchRow, comparison, failedRow, PYTORCH } from "../page/row.ts";
import { labelTensor, separableFeatures } from "../training/separable_features.ts";

const WIDTH = 2048;
const QUICK_WIDTH = 64;

/** How far the minimum may lie above PyTorch's, as a part of it. */
const LOSS_TOLERANCE = 1e-3;

/** What PyTorch answers: its time, its loss, and the loss of the weights that it was sent. */
const Fitted = z.object({ ms: z.number(), loss: z.number(), sentLoss: z.number() });

/**
 * The whole fit of the default recipe, which has no epochs: a regression a group, each to its minimum. PyTorch does it by
 * its own L-BFGS with as many remembered steps and strong Wolfe conditions, from rows of length 1 on.
 */
export async function linearProbeRows({ settings, torch }: BenchContext, count: number): Promise<BenchRow[]> {
  const { l2, hellinger, regressions, groups: names } = RECIPES["linear-probe"];
  const width = settings.quick ? QUICK_WIDTH : WIDTH;
  const groups = names.map((name) => ({ name, width }));
  const { features, labels } = separableFeatures(count, width * groups.length);
  const work = `the default recipe's whole fit, ${count} photos, ${groups.length} groups of ${width}`;
  const fit = () => fitLinearProbe(features, { groups, hellinger }, labels, { l2, regressions });
  const things = [{ run: () => timed(fit) }];
  let checked: Pick<BenchRow, "checked" | "failed"> = { checked: "no peer" };
  if (torch) {
    const sent: TensorMap = new Map([["features", features], ["labels", labelTensor(labels)]]);
    const question = {
      do: "fit a linear probe",
      features: await torch.send("features", sent),
      state: await torch.send("probe", await fit()),
      groups: names,
      l2,
    };
    const { loss, sentLoss } = await torch.process.ask(question, Fitted);
    checked = comparison(Math.max(0, sentLoss / loss - 1), LOSS_TOLERANCE, "PyTorch's loss or below");
    things.push({ run: async () => (await torch.process.ask(question, Fitted)).ms });
  }
  const by = ["WebAssembly", PYTORCH];
  const times = await timeInTurns(things, settings.runs);
  return times.map((spent, k) => {
    if (spent instanceof Error) return failedRow(work, by[k], "ms", spent);
    const compared = k === 0 ? checked : { checked: "the reference" };
    return { work, by: by[k], unit: "ms", value: spreadOf(spent), ...compared };
  });
}
