import { assertEquals } from "@std/assert";
import { deviceSteps } from "../../../../../../model/engines/webgpu/plan/device_steps.ts";
import { inceptionV3 } from "../../../../../../model/networks/backbones/inception_v3.ts";

const stepNames = (outputs: readonly string[]) =>
  deviceSteps(inceptionV3(), outputs).steps.filter(({ output }) => output.startsWith("Mixed_5b"))
    .map(({ kind, input, output }) => `${kind} ${output} of ${input}`);

Deno.test("deviceSteps() takes a mean after the convolution that has fewer channels", () => {
  assertEquals(stepNames(["features"]).slice(-2), [
    "convolution Mixed_5b.branch_pool before its mean of stem",
    "pool Mixed_5b.branch_pool of Mixed_5b.branch_pool before its mean",
  ]);
});

Deno.test("deviceSteps() leaves a mean where it is when it is asked for", () => {
  assertEquals(stepNames(["features", "Mixed_5b.pool"]).slice(-2), [
    "pool Mixed_5b.pool of stem",
    "convolution Mixed_5b.branch_pool of Mixed_5b.pool",
  ]);
});

Deno.test("deviceSteps() needs no step for a concatenation of values that nobody else writes", () => {
  const { steps, concatenated } = deviceSteps(inceptionV3(), ["features"]);
  assertEquals(steps.filter(({ output }) => concatenated.has(output)), []);
  assertEquals(concatenated.get("Mixed_7c")?.length, 6);
});
