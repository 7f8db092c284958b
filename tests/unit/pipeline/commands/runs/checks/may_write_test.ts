import { assertEquals } from "@std/assert";
import { howToAllow } from "../../../../../../pipeline/commands/runs/checks/may_write.ts";

const ALLOW = "allow this one: deno run --quiet --no-prompt -P=run";

Deno.test("howToAllow() gives the same command with leave to write into one more folder", () => {
  assertEquals(
    howToAllow(["/elsewhere"], "main.ts", ["pipeline", "--out", "/elsewhere"]),
    `${ALLOW} --allow-write=runs,/elsewhere main.ts pipeline --out /elsewhere`,
  );
  assertEquals(howToAllow(["runs/x"], "../main.ts", ["sample"]), `${ALLOW} --allow-write=runs ../main.ts sample`);
});

Deno.test("howToAllow() gives words that a shell takes for what they are", () => {
  assertEquals(
    howToAllow(["it's mine"], "main.ts", ["sample", "--out", "it's mine"]),
    `${ALLOW} '--allow-write=runs,it'\\''s mine' main.ts sample --out 'it'\\''s mine'`,
  );
});

Deno.test("howToAllow() names no folder that Deno cannot be told of", () => {
  assertEquals(howToAllow(["a,b"], "main.ts", ["sample", "--out", "a,b"]), "one without a comma in its name");
});
