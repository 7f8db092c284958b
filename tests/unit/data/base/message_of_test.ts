import { assertEquals } from "@std/assert";
import { firstLineOf, messageOf } from "../../../../data/base/message_of.ts";

Deno.test("messageOf() gives an error's message, and the words of anything else that is thrown", () => {
  assertEquals([new RangeError("too long"), "text", 3, undefined].map(messageOf), [
    "too long",
    "text",
    "3",
    "undefined",
  ]);
});

Deno.test("firstLineOf() gives the first line of an error's message, and of anything else that is thrown", () => {
  assertEquals([new Error("no picture\nat byte 3"), "text\n", 3].map(firstLineOf), ["no picture", "text", "3"]);
});
