import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../../../model/tensor.ts";
import { FusedFeatures, fusedWidth } from "../../../../pipeline/features/fused_features.ts";

const features = new FusedFeatures(["a", "b", "c"], tensor([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)));

Deno.test("FusedFeatures.of() gives rows in the order of the ids, repeated if asked", () => {
  assertEquals(features.of(["c", "a", "c"]), tensor([3, 2], Float32Array.of(5, 6, 1, 2, 5, 6)));
});

// An id that had not been read used to be a row of zeros.
Deno.test("FusedFeatures.of() throws with the id of a photo that was not read", () => {
  assertThrows(
    () => features.of(["a", "d"]),
    RangeError,
    'a photo\'s features: expected a name that is known, got "d"',
  );
});

Deno.test("fusedWidth() counts both backbones' last features, and no others", () => {
  const groups = [
    { name: "resnet.features", width: 3 },
    { name: "inception.features", width: 4 },
    { name: "resnet.layer4.global_max", width: 9 },
  ];
  assertEquals(fusedWidth(groups), 7);
  assertThrows(() => fusedWidth(groups.slice(1)), RangeError, "got resnet.features");
});
