import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { print, printLines, ReaderGone } from "../../../../pipeline/terminal/print.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";

/** An output that takes a few bytes at a time, after it has failed as told. */
function fakeOutput(failures: readonly Error[] = []) {
  const left = [...failures];
  const taken: number[] = [];
  return {
    text: () => new TextDecoder().decode(Uint8Array.from(taken)),
    write(bytes: Uint8Array): Promise<number> {
      const failure = left.shift();
      if (failure) return Promise.reject(failure);
      taken.push(...bytes.subarray(0, 3));
      return Promise.resolve(Math.min(3, bytes.length));
    },
  };
}

Deno.test("print() writes a line to its end, and printLines() several", async () => {
  const output = fakeOutput();
  await print("a\nphoto\x1b", output);
  await printLines("one\ntwo\x1b", output);
  assertEquals(output.text(), "a\\nphoto\\u001b\none\ntwo\\u001b\n");
});

Deno.test("print() goes on where a pipe does not wait", async () => {
  const output = fakeOutput([new Deno.errors.WouldBlock("later"), new Deno.errors.WouldBlock("later")]);
  await print("a long line", output);
  assertEquals(output.text(), "a long line\n");
});

Deno.test("print() says that its reader is gone, and what else the system refuses", async () => {
  const gone = await assertRejects(() => print("a", fakeOutput([new Deno.errors.BrokenPipe("gone")])), ReaderGone);
  assertStringIncludes(gone.message, "got a closed pipe");
  const full = await assertRejects(() => print("a", fakeOutput([new Error("No space left")])), UserError);
  assertStringIncludes(full.message, "Cannot print the result: expected standard output to take it, got No space left");
});
