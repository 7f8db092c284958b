import { assertEquals } from "@std/assert";
import { report } from "../../../bench/webgpu/correctness.ts";

Deno.test("report() looks at everything whatever fails, and says what was wrong", async () => {
  const right = { what: "a network", run: () => Promise.resolve("relative error 2e-6") };
  const wrong = { what: "a step", run: () => Promise.reject(new Error("losses are off")) };
  const printed: string[][] = [];
  const print = (text: string) => void printed.push(...text.split("\n").slice(1).map((line) => line.split(/ {2,}/)));
  assertEquals(await report([wrong, right], print), false);
  assertEquals(printed, [["a step", "WRONG", "losses are off"], ["a network", "right", "relative error 2e-6"]]);
  assertEquals(await report([right], print), true);
});
