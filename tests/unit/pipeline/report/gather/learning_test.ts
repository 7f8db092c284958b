import { assertEquals, assertThrows } from "@std/assert";
import type { Fitted, FittedState } from "../../../../../pipeline/classifier/fitted.ts";
import { learningOf } from "../../../../../pipeline/report/gather/learning.ts";

function state(name: string, given: Partial<FittedState> = {}): FittedState {
  const measured = { trainLoss: 0.2, trainAccuracy: 0.9, validationLoss: 0.3, validationAccuracy: 0.8 };
  return { name, ...measured, rates: null, seconds: 1, ...given };
}

function records(train: Fitted, finetune: Fitted) {
  return [{ stage: "scan", details: null }, { stage: "train", details: train }, {
    stage: "finetune",
    details: finetune,
  }];
}

Deno.test("learningOf() tells of a linear probe by its fits, the first one with what train measured of it", () => {
  const first = state("first fit", { trainLoss: 0.01, trainAccuracy: 1, seconds: 7 });
  const again = state("first fit", { trainLoss: null, trainAccuracy: null, seconds: 0.1 });
  const learning = learningOf(records(
    { states: [first], kept: "first fit" },
    { states: [again, state("refit", { validationLoss: 0.4 })], kept: "first fit" },
  ));
  assertEquals(learning, {
    by: "fits",
    fits: [
      {
        name: "first fit",
        trainLoss: 0.01,
        trainAccuracy: 1,
        validationLoss: 0.3,
        validationAccuracy: 0.8,
        seconds: 7,
        kept: true,
      },
      {
        name: "refit",
        trainLoss: 0.2,
        trainAccuracy: 0.9,
        validationLoss: 0.4,
        validationAccuracy: 0.8,
        seconds: 1,
        kept: false,
      },
    ],
  });
});

Deno.test("learningOf() tells of a fusion network by its epochs, without the state that fine-tuning starts from", () => {
  const rates = { head: 0.001, backbone: 0 };
  const tuned = { head: 0.001, backbone: 0.0001 };
  const learning = learningOf(records(
    { states: [state("epoch 1", { rates }), state("epoch 2", { rates })], kept: "epoch 2" },
    {
      states: [state("epoch 0", { rates: tuned, trainLoss: null }), state("epoch 1", { rates: tuned })],
      kept: "epoch 1",
    },
  ));
  assertEquals(
    learning.by === "epochs" &&
      learning.epochs.map(({ stage, epoch, best, backboneRate }) => [stage, epoch, best, backboneRate]),
    [["train", 1, false, undefined], ["train", 2, true, undefined], ["finetune", 1, true, 0.0001]],
  );
});

Deno.test("learningOf() refuses records that lack a training", () => {
  assertThrows(() => learningOf([]), RangeError, "Cannot tell how train went: expected its record, got none");
});

Deno.test("learningOf() refuses a fit to start from that train has not made", () => {
  const train: Fitted = { states: [state("first fit")], kept: "first fit" };
  const finetune: Fitted = { states: [state("another", { trainLoss: null })], kept: "another" };
  assertThrows(() => learningOf(records(train, finetune)), RangeError, "Cannot find a fit that train made");
});
