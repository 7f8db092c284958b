import { assertEquals } from "@std/assert";
import { chosenFit, chosenFitText } from "../../../../pipeline/classifier/chosen_fit.ts";

const state = (name: string, trainLoss: number | null, validationLoss: number) => ({
  name,
  trainLoss,
  trainAccuracy: trainLoss,
  validationLoss,
  validationAccuracy: 1,
  rates: null,
});

Deno.test("chosenFit() tells the first fit from the second by what was trained, and gives the best loss of each", () => {
  const probe = [state("first fit", null, 0.2), state("refit", 0.1, 0.3)];
  const epochs = [state("epoch 0", null, 0.4), state("epoch 1", 0.2, 0.3), state("epoch 2", 0.1, 0.35)];
  const first = chosenFit({ states: probe, kept: "first fit" });
  assertEquals([first.classifier, first.validationLoss], ["first fit", { "first fit": 0.2, "second fit": 0.3 }]);
  assertEquals(chosenFitText(first), "fit with the outliers, validation loss 0.2000; without them 0.3000");
  const second = chosenFit({ states: epochs, kept: "epoch 1" });
  assertEquals([second.classifier, second.validationLoss], ["second fit", { "first fit": 0.4, "second fit": 0.3 }]);
  assertEquals(chosenFitText(second), "fit without the outliers, validation loss 0.3000; with them 0.4000");
});
