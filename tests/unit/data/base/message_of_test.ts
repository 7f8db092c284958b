import { assertEquals } from "@std/assert";
import { messageOf } from "../../../../data/base/message_of.ts";

Deno.test("messageOf() gives an error's message, and the words of anything else that is thrown", () => {
  assertEquals([new RangeError("too long"), "text", 3, undefined].map(messageOf), [
    "too long",
    "text",
    "3",
    "undefined",
  ]);
});
