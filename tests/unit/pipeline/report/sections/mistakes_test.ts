import { assertEquals, assertStringIncludes } from "@std/assert";
import { mistakes } from "../../../../../pipeline/report/sections/mistakes.ts";

Deno.test("mistakes() shows each with label and P(dog)", () => {
  const { markup } = mistakes([{ id: "dog.3.jpg", label: "dog", pDog: 0.0304 }]);
  for (
    const words of ["dog.3.jpg", "P(dog) <strong>0.030</strong>", `<span class="chip dog">dog</span>`, "no picture"]
  ) {
    assertStringIncludes(markup, words);
  }
});

Deno.test("mistakes() says so where there are none", () => {
  assertEquals(mistakes([]).markup.includes("<li>"), false);
});
