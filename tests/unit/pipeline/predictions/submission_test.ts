import fc from "fast-check";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { clipped, submissionCsv, UNKNOWN } from "../../../../pipeline/predictions/submission.ts";

/** The rows below the heading, as [id, label]. */
function rowsOf(predictions: readonly { id: string; pDog: number }[], clip = 0): string[][] {
  const [heading, ...rows] = submissionCsv(predictions, clip).trimEnd().split(/\r?\n/);
  assertEquals(heading, "id,label");
  return rows.map((row) => row.split(","));
}

const idsOf = (ids: readonly string[]) => rowsOf(ids.map((id) => ({ id, pDog: 0.25 }))).map(([id]) => id);

Deno.test("submissionCsv() sorts by number, not by text", () => {
  assertEquals(idsOf(["10.jpg", "9.jpg", "100.jpg", "1.jpg"]), ["1", "9", "10", "100"]);
});

Deno.test("submissionCsv() leaves the folder out of a number, and out of the order", () => {
  assertEquals(idsOf(["test/12.jpg", "test/3.png"]), ["3", "12"]);
  assertEquals(idsOf(["b/1.jpg", "a/2.jpg"]), ["1", "2"]);
});

Deno.test("submissionCsv() puts photos without a number last, under their whole name", () => {
  assertEquals(idsOf(["rex.jpg", "_tom.jpg", "7.jpg", "a/8b.jpg"]), ["7", "_tom.jpg", "a/8b.jpg", "rex.jpg"]);
});

Deno.test("submissionCsv() names photos wholly that share a number", () => {
  assertEquals(idsOf(["a/5.jpg", "b/5.jpg", "6.jpg"]), ["6", "a/5.jpg", "b/5.jpg"]);
});

Deno.test("submissionCsv() has each photo exactly once", () => {
  const ids = fc.uniqueArray(
    fc.oneof(fc.nat(30).map((n) => `${n}.jpg`), fc.nat(30).map((n) => `test/${n}.png`), fc.stringMatching(/^[a-z]+$/)),
  );
  fc.assert(fc.property(ids, (given) => {
    const listed = idsOf(given);
    assertEquals(listed.length, given.length);
    assertEquals(new Set(listed).size, given.length);
  }));
});

Deno.test("submissionCsv() writes P(dog), unclipped at 0", () => {
  assertEquals(rowsOf([{ id: "1.jpg", pDog: 0 }, { id: "2.jpg", pDog: 1 }]), [["1", "0"], ["2", "1"]]);
});

Deno.test("submissionCsv() keeps probabilities half a percent from 0 and 1", () => {
  const rows = rowsOf([{ id: "1.jpg", pDog: 0 }, { id: "2.jpg", pDog: 1 }, { id: "3.jpg", pDog: 0.3 }], 0.005);
  assertEquals(rows, [["1", "0.005"], ["2", "0.995"], ["3", "0.3"]]);
});

Deno.test("submissionCsv() leaves a photo that nothing is known of at one half", () => {
  assertEquals(rowsOf([{ id: "4.jpg", pDog: UNKNOWN }], 0.005), [["4", "0.5"]]);
});

Deno.test("submissionCsv() is a heading alone without photos", () => {
  assertEquals(rowsOf([]), []);
});

Deno.test("clipped() leaves what is in between, and is symmetric", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(share, fc.double({ min: 0, max: 0.5, noNaN: true }), (probability, clip) => {
    const kept = clipped(probability, clip);
    if (probability >= clip && probability <= 1 - clip) assertEquals(kept, probability);
    else assertEquals(kept, probability < clip ? clip : 1 - clip);
    assertAlmostEquals(clipped(1 - probability, clip), 1 - kept, 1e-12);
  }));
});
