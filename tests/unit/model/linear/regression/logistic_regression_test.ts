import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import golden from "../../../../golden/training/logistic_regression.json" with { type: "json" };
import { tensor } from "../../../../../model/tensor.ts";
import {
  fitLogisticRegressions,
  type LogisticRegression,
} from "../../../../../model/linear/regression/logistic_regression.ts";
import { assertEachWithin, type Problem, randomProblem, rowsAt } from "../random_problem.ts";

const everyRow = (labels: Uint8Array) => new Uint8Array(labels.length).fill(1);

async function fitAll({ rows, labels }: Problem, l2: number): Promise<LogisticRegression> {
  return (await fitLogisticRegressions(rows, labels, [everyRow(labels)], l2))[0];
}

/** What a fit minimises; the last parameter is the bias. */
function objective({ rows: { shape: [count, width], data }, labels }: Problem, l2: number, parameters: number[]) {
  let loss = 0;
  for (const [row, label] of labels.entries()) {
    let logit = parameters[width];
    for (let j = 0; j < width; j++) logit += data[row * width + j] * parameters[j];
    loss += Math.log1p(Math.exp(label === 1 ? -logit : logit));
  }
  return loss / count + l2 / 2 * parameters.slice(0, width).reduce((sum, value) => sum + value ** 2, 0);
}

Deno.test("fitLogisticRegressions() ends where the objective is level in every direction", async () => {
  const problem = randomProblem(61, 7);
  const l2 = 1e-3;
  const { weight, bias } = await fitAll(problem, l2);
  const slopes = (parameters: number[]) =>
    parameters.map((_, j) => {
      const [above, below] = [1e-5, -1e-5].map((change) => parameters.with(j, parameters[j] + change));
      return (objective(problem, l2, above) - objective(problem, l2, below)) / 2e-5;
    });
  const atStart = Math.hypot(...slopes(new Array(8).fill(0)));
  const atEnd = Math.hypot(...slopes([...weight, bias]));
  assert(atEnd <= 1.01e-4 * atStart, `the gradient's norm went from ${atStart} to ${atEnd}`);
});

for (const { penalty: l2, leavesOut, weight, bias } of golden.fits) {
  Deno.test(`fitLogisticRegressions() agrees with scikit-learn, L2 ${l2}, ${leavesOut.length} rows left out`, async () => {
    const rows = tensor([golden.rows.length, golden.rows[0].length], Float32Array.from(golden.rows.flat()));
    const subset = Uint8Array.from(golden.labels, (_, row) => leavesOut.includes(row) ? 0 : 1);
    const [fit] = await fitLogisticRegressions(rows, Uint8Array.from(golden.labels), [subset], l2);
    assertEachWithin([...fit.weight, fit.bias], [...weight, bias], 1e-3);
  });
}

Deno.test("fitLogisticRegressions() bounds the weight of classes that a line separates by the L2", async () => {
  const rows = tensor([4, 1], Float32Array.of(-2, -1, 1, 2));
  const labels = Uint8Array.of(0, 0, 1, 1);
  const weights: number[] = [];
  for (const l2 of [1, 1e-2, 1e-4]) weights.push((await fitAll({ rows, labels }, l2)).weight[0]);
  assert(weights[0] > 0 && weights[1] > weights[0] && weights[2] > weights[1] && weights[2] < 100, `${weights}`);
});

Deno.test("fitLogisticRegressions() gives the logits of the classes' sizes to features that say nothing", async () => {
  const rows = tensor([4, 2], new Float32Array(8));
  const { weight, bias } = await fitAll({ rows, labels: Uint8Array.of(0, 1, 1, 1) }, 1);
  assertEquals([...weight], [0, 0]);
  assertAlmostEquals(bias, Math.log(3), 1e-4);
});

Deno.test("fitLogisticRegressions() fits to a subset as if the other rows were not there", async () => {
  const { rows, labels } = randomProblem(50, 6);
  const kept = [...labels.keys()].filter((row) => row % 3 !== 0);
  const subset = Uint8Array.from(labels, (_, row) => row % 3 === 0 ? 0 : 1);
  const [fit] = await fitLogisticRegressions(rows, labels, [subset], 1e-3);
  const alone = await fitAll({ rows: rowsAt(rows, kept), labels: Uint8Array.from(kept, (row) => labels[row]) }, 1e-3);
  assertEachWithin([...fit.weight, fit.bias], [...alone.weight, alone.bias], 1e-5);
});

Deno.test("fitLogisticRegressions() gives a subset the same bits whatever is fitted beside it", async () => {
  const { rows, labels } = randomProblem(50, 6);
  const subset = Uint8Array.from(labels, (_, row) => row < 40 ? 1 : 0);
  const [alone] = await fitLogisticRegressions(rows, labels, [subset], 1e-3);
  const [, beside] = await fitLogisticRegressions(rows, labels, [everyRow(labels), subset], 1e-3);
  assertEquals(beside, alone);
});

Deno.test("fitLogisticRegressions() does not depend on the order of the rows", async () => {
  const { rows, labels } = randomProblem(50, 6);
  const backwards = [...labels.keys()].reverse();
  const fit = await fitAll({ rows, labels }, 1e-4);
  const other = await fitAll({ rows: rowsAt(rows, backwards), labels: labels.toReversed() }, 1e-4);
  assertEachWithin([...other.weight, other.bias], [...fit.weight, fit.bias], 1e-6);
});

Deno.test("fitLogisticRegressions() gives the logits of every row, fitted to or not", async () => {
  const { rows, labels } = randomProblem(30, 4);
  const subset = Uint8Array.from(labels, (_, row) => row % 2);
  const [{ weight, bias, logits }] = await fitLogisticRegressions(rows, labels, [subset], 1e-2);
  const expected = Array.from(
    labels,
    (_, row) => rows.data.subarray(row * 4, row * 4 + 4).reduce((sum, value, j) => sum + value * weight[j], bias),
  );
  assertEachWithin(logits, expected, 1e-6);
});

Deno.test("fitLogisticRegressions() says what is wrong with a problem", async () => {
  const { rows, labels } = randomProblem(10, 4);
  const refusal = (message: string, fit: () => Promise<unknown>) =>
    assertRejects(fit, RangeError, `Cannot fit a logistic regression: expected ${message}`);
  const subsets = [everyRow(labels)];
  await refusal("10 labels, got 9", () => fitLogisticRegressions(rows, labels.slice(1), subsets, 1));
  await refusal("a subset of 10 rows, got 9", () => fitLogisticRegressions(rows, labels, [subsets[0].slice(1)], 1));
  await refusal("an L2 above 0, got 0", () => fitLogisticRegressions(rows, labels, subsets, 0));
  await refusal(
    "rows with label 1 to fit to, got none",
    () => fitLogisticRegressions(rows, new Uint8Array(10), subsets, 1),
  );
  await refusal(
    "rows of [n, width], got [40]",
    () => fitLogisticRegressions(tensor([40], rows.data), labels, subsets, 1),
  );
  const spoilt = tensor(rows.shape, rows.data.with(7, NaN));
  await refusal("finite features", () => fitLogisticRegressions(spoilt, labels, subsets, 1));
});
