import { assertEquals } from "@std/assert";
import { resolve } from "@std/path";
import fc from "fast-check";
import { isPathBelow, isPlainName } from "../../../../data/owned/plain_name.ts";

/** Texts made of what leads out of folders, and of other letters. */
const nearlyPaths = fc.array(fc.constantFrom("..", ".", "/", "\\", "\0", "a", "é", " ", "\n", "train"), {
  maxLength: 6,
})
  .map((parts) => parts.join(""));
const texts = fc.oneof(nearlyPaths, fc.string({ unit: "binary" }));

Deno.test("isPlainName() takes the names of files, odd ones too", () => {
  for (const name of ["output.json", "a b", ".hidden", "...", "=cmd", "Kätzchen\n", "..a"]) {
    assertEquals(isPlainName(name), true, name);
  }
});

Deno.test("isPlainName() takes nothing that leads out of a folder, whatever the system", () => {
  for (const name of ["", ".", "..", "/", "a/b", "../a", "a\\b", "..\\a", "a\0", "C:\\a"]) {
    assertEquals(isPlainName(name), false, JSON.stringify(name));
  }
});

Deno.test("isPlainName() takes only what is right below its folder", () => {
  fc.assert(fc.property(texts, (name) => {
    if (isPlainName(name)) assertEquals(resolve("/run/scan", name), `/run/scan/${name}`);
  }));
});

Deno.test("isPathBelow() takes only what stays below its folder, as it is written", () => {
  fc.assert(fc.property(texts, (path) => {
    if (isPathBelow(path)) assertEquals(resolve("/run", path), `/run/${path}`);
  }));
});

Deno.test("isPathBelow() takes paths of plain names, and none with another between", () => {
  const plain = fc.string({ unit: "binary", minLength: 1 }).filter(isPlainName);
  const bad = fc.constantFrom("", ".", "..", "a\\b", "\0");
  fc.assert(fc.property(fc.array(plain, { minLength: 1 }), fc.array(plain), bad, (before, after, name) => {
    assertEquals(isPathBelow(before.join("/")), true);
    assertEquals(isPathBelow([...before, name, ...after].join("/")), false);
  }));
});
