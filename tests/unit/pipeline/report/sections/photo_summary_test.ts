import { assertEquals, assertStringIncludes } from "@std/assert";
import { photoSummary } from "../../../../../pipeline/report/sections/photo_summary.ts";
import { fakeReport } from "../fake_report.ts";

const { photos } = fakeReport();

Deno.test("photoSummary() lists what was set aside, what was dropped and why, and what shows the same", () => {
  const { markup } = photoSummary(photos);
  for (
    const words of [
      "2,412 photos to train, 604 to validate",
      "set aside from training by the rescan: 2 photos",
      "under 3,600 pixels after trimming: 2 photos",
      "<li>dog.1324.jpg</li>",
      "Exact: 1 group",
      "dog.980.jpg = dog.1273.jpg",
    ]
  ) assertStringIncludes(markup, words);
});

Deno.test("photoSummary() lists what lies beside the photos by kind, and says nothing where nothing does", () => {
  const { markup } = photoSummary(photos);
  for (
    const words of ["Left out</h3>", "1 video</summary>", "<li>a.mov</li>", "2 other files</summary>", "<li>c</li>"]
  ) {
    assertStringIncludes(markup, words);
  }
  assertEquals(photoSummary({ ...photos, leftOut: [] }).markup.includes("Left out"), false);
});

Deno.test("photoSummary() lists a hundred names and counts the rest", () => {
  const ids = Array.from({ length: 130 }, (_, k) => `cat.${k}.jpg`);
  const { markup } = photoSummary({
    ...photos,
    setAside: ids,
    dropped: [],
    leftOut: [],
    relabelled: [],
    duplicates: [],
  });
  assertEquals(markup.match(/<li>cat/g)?.length, 100);
  assertStringIncludes(markup, "and 30 more");
  assertStringIncludes(markup, "No photo was dropped");
  assertStringIncludes(markup, "No two photos show the same");
});
