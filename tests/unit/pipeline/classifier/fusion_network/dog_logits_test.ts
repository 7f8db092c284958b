import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../../../../model/tensor.ts";
import { dogLogits } from "../../../../../pipeline/classifier/fusion_network/dog_logits.ts";
import { crossEntropies, probabilities } from "../../../../../pipeline/predictions/logits.ts";
import { assertAsInFloat32, CROSS_ENTROPIES } from "../../../model/autograd/cross_entropies.ts";

for (const { logits, label, loss, p_dog: pDog } of CROSS_ENTROPIES) {
  Deno.test(`loss and P(dog) by dogLogits() equal PyTorch's for [${logits}] and label ${label}`, () => {
    const dog = dogLogits(tensor([1, 2], Float32Array.from(logits)));
    const largest = Math.max(...logits.map(Math.abs));
    assertAsInFloat32(crossEntropies(dog, [{ label: label === 1 ? "dog" : "cat" }])[0], loss, largest);
    assertAlmostEquals(probabilities(dog)[0], pDog, 1e-7);
  });
}

Deno.test("a loss by dogLogits() is not a number where a logit is not", () => {
  const dog = dogLogits(tensor([1, 2], Float32Array.of(NaN, 0)));
  assertEquals(crossEntropies(dog, [{ label: "dog" }]), [NaN]);
});

Deno.test("dogLogits() refuses what is no logit for each class", () => {
  for (const shape of [[2, 3], [2]]) {
    const logits = tensor(shape, new Float32Array(shape.reduce((size, extent) => size * extent)));
    assertThrows(() => dogLogits(logits), RangeError, `expected [photos, 2], got [${shape}]`);
  }
});
