import { assertAlmostEquals } from "@std/assert";
import { input } from "../../../../model/autograd/operations.ts";
import { sgdStep } from "../../../../model/autograd/sgd.ts";
import { interpret } from "./reference_interpreter.ts";

Deno.test("sgdStep() follows PyTorch's recurrence, a change of the rate included", () => {
  const [parameter, velocity, gradient, rate] = ["p", "v", "g", "rate"].map((name) => input(name, []));
  const after = sgdStep({ parameter, velocity }, { gradient, rate, momentum: 0.5 });
  // By hand, from p = 1 and v = 0: v = g at first, then .5 v + g; p falls by the rate times v.
  const trace = [
    { gradient: 2, rate: 0.1, velocity: 2, parameter: 0.8 },
    { gradient: 1, rate: 0.1, velocity: 2, parameter: 0.6 },
    { gradient: -4, rate: 0.01, velocity: -3, parameter: 0.63 },
  ];
  let [p, v] = [1, 0];
  for (const step of trace) {
    const number = (value: number) => ({ shape: [], data: Float64Array.of(value) });
    const inputs = new Map([["p", number(p)], ["v", number(v)], ["g", number(step.gradient)], [
      "rate",
      number(step.rate),
    ]]);
    [p, v] = [after.parameter, after.velocity].map((value) => interpret(value, inputs).data[0]);
    assertAlmostEquals(v, step.velocity, 1e-6);
    assertAlmostEquals(p, step.parameter, 1e-6);
  }
});
