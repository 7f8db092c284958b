import { assertEquals } from "@std/assert";
import { instructionSets } from "../../../bench/page/instruction_sets.ts";

Deno.test("instructionSets() names what the processor's flags say, and says when there are none to read", () => {
  const flags = (list: string) => `processor\t: 0\nflags\t\t: ${list}\nbugs\t\t: none\n`;
  assertEquals(instructionSets(flags("sse2 avx avx2 avx512f avx512_vnni")), "avx2, avx512, vnni");
  assertEquals(instructionSets(flags("avx2 avx_vnni")), "avx2, vnni");
  assertEquals(instructionSets(flags("sse2")), "none of avx2, avx512, vnni");
  assertEquals(instructionSets("Features\t: asimd\n"), "unknown");
  assertEquals(instructionSets(undefined), "unknown");
});
