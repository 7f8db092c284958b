import { assertEquals, assertStringIncludes } from "@std/assert";
import { calibrationSection } from "../../../../../pipeline/report/sections/calibration_section.ts";

Deno.test("calibrationSection() counts labels against predictions, with the area under the ROC curve", async () => {
  const predicted = [
    ...Array.from({ length: 3 }, () => ({ label: "cat", pDog: 0.1 }) as const),
    { label: "cat", pDog: 0.9 } as const,
    { label: "dog", pDog: 0.95 } as const,
  ];
  const { markup } = await calibrationSection(predicted);
  for (const words of ["<strong>3</strong> <span>75%</span>", "<strong>1</strong> <span>100%</span>", "1.0000"]) {
    assertStringIncludes(markup, words);
  }
  const cats = await calibrationSection(predicted.filter(({ label }) => label === "cat"));
  assertEquals(cats.markup.includes("ROC"), false);
});
