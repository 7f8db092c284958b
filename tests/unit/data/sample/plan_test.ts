import { assert, assertEquals, assertNotEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { randomFrom } from "../../../../data/random.ts";
import { pickBorder, withBorder } from "../../../../data/sample/photographs/border.ts";
import { planSample } from "../../../../data/sample/plan.ts";
import { drawScene } from "../../../../data/sample/scenes/scene.ts";
import { Sketch } from "../../../../data/sample/drawing/sketch.ts";
import { GENERATOR_VERSION, parseTruth, photosWith, PLANTED, type SampleTruth } from "../../../../data/sample/truth.ts";

const seeds = fc.integer();
const sizes = fc.record({ train: fc.integer({ min: 40, max: 500 }), test: fc.integer({ min: 10, max: 150 }) });

function truthOf(seed: number, train: number, test: number): SampleTruth {
  return { generator: GENERATOR_VERSION, seed, train, test, photos: planSample(seed, { train, test }) };
}

Deno.test("drawScene() draws the same for the same seed, and something else for another", () => {
  const draw = (seed: number) => drawScene(new Sketch(randomFrom(seed, "scene")), "cat", 320, 240);
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
});

Deno.test("drawScene() writes finite numbers and defines every gradient and clip it uses", () => {
  const subjects = fc.constantFrom("cat" as const, "dog" as const, "both" as const, "none" as const);
  fc.assert(
    fc.property(seeds, subjects, fc.integer({ min: 30, max: 500 }), (seed, subject, size) => {
      const { background, front } = drawScene(new Sketch(randomFrom(seed, "scene")), subject, size, size);
      for (const svg of [background, front]) {
        assert(!/NaN|Infinity|undefined/.test(svg));
        for (const [, id] of svg.matchAll(/url\(#(\w+)\)/g)) assertStringIncludes(svg, `id="${id}"`);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("planSample() names every photo once, half of them cats and half dogs", () => {
  fc.assert(fc.property(seeds, sizes, (seed, size) => {
    const plan = planSample(seed, size);
    assertEquals(plan.length, size.train + size.test);
    assertEquals(new Set(plan.map((photo) => photo.file)).size, plan.length);
    const cats = plan.filter((photo) => photo.label === "cat").length;
    assertEquals(cats, Math.ceil(size.train / 2));
  }));
});

Deno.test("planSample() plants every kind in the training set, and no wrong labels in the test set", () => {
  fc.assert(fc.property(seeds, sizes, (seed, size) => {
    const truth = truthOf(seed, size.train, size.test);
    for (const planted of PLANTED) assert(photosWith(truth, planted, "train").length >= 1, planted);
    for (const photo of truth.photos) {
      if (photo.set === "test") {
        assert(photo.species !== "both");
        assertEquals(photo.species === "none", photo.planted === "not_a_picture");
      } else {
        const odd = ["wrong_label", "no_animal", "both_animals", "not_a_picture"].includes(photo.planted ?? "");
        assertEquals(photo.species !== photo.label, odd);
      }
    }
  }));
});

Deno.test("planSample() makes duplicates of ordinary photos with the same label, each of another", () => {
  fc.assert(fc.property(seeds, sizes, (seed, size) => {
    const plan = planSample(seed, size);
    const copies = plan.filter((photo) => photo.duplicateOf !== undefined);
    for (const copy of copies) {
      const original = plan.find((photo) => photo.id === copy.duplicateOf);
      assertEquals(original?.planted, undefined);
      assertEquals(original?.label, copy.label);
      assertEquals(original?.set, "train");
    }
    assertEquals(new Set(copies.map((copy) => copy.duplicateOf)).size, copies.length);
  }));
});

Deno.test("planSample() plants what the documentation says in 400 and 100 photos", () => {
  const truth = truthOf(1, 400, 100);
  const counts = (set: "train" | "test") => PLANTED.map((planted) => photosWith(truth, planted, set).length);
  assertEquals(counts("train"), [24, 4, 1, 1, 1, 6, 3, 3, 4, 6]);
  assertEquals(counts("test"), [6, 2, 0, 1, 0, 0, 0, 0, 0, 0]);
});

Deno.test("planSample() refuses a sample that is too small", () => {
  assertThrows(() => planSample(1, { train: 39, test: 10 }), RangeError, "expected 40 photos or more to train, got 39");
  assertThrows(() => planSample(1, { train: 40, test: 9 }), RangeError, "expected 10 photos or more to test, got 9");
});

Deno.test("withBorder() puts the picture where the box says, and white around it", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (seed, width, height) => {
      const picture = { width, height, data: new Uint8Array(width * height * 3).fill(7) };
      const border = pickBorder(new Sketch(randomFrom(seed, "border")), picture);
      assert(Object.values(border).some((side) => side > 0));
      const { pixels, box } = withBorder(picture, border);
      for (let y = 0; y < pixels.height; y++) {
        for (let x = 0; x < pixels.width; x++) {
          const inside = x >= box.left && x < box.left + width && y >= box.top && y < box.top + height;
          assertEquals(pixels.data[(y * pixels.width + x) * 3], inside ? 7 : 255);
        }
      }
    }),
  );
});

Deno.test("parseTruth() reads back what was written", () => {
  const truth = truthOf(3, 40, 10);
  assertEquals(parseTruth(JSON.stringify(truth)), truth);
});

Deno.test("parseTruth() refuses other text, another version and unknown fields", () => {
  const truth = truthOf(3, 40, 10);
  assertThrows(() => parseTruth("{"), Error, "expected JSON");
  assertThrows(() => parseTruth(JSON.stringify({ ...truth, generator: 0 })), Error, "generator version");
  assertThrows(() => parseTruth(JSON.stringify({ ...truth, extra: 1 })), Error, "extra");
});
