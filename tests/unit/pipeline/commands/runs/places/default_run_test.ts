import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { runName, runOnSample } from "../../../../../../pipeline/commands/runs/places/default_run.ts";

Deno.test("runName() says which folder below the working folder", () => {
  assertEquals(runName("/home/me/photos/train", "/home/me"), "photos-train");
  assertEquals(runName("/home/me/photos", "/home/me"), "photos");
  assertEquals(runName("/home/me/2024/photos/train", "/home/me"), "2024-photos-train");
});

Deno.test("runName() adds a hash where the name could be that of another folder, or says too little", () => {
  const hashed = /^[A-Za-z0-9][\w.-]*-[0-9a-f]{8}$/;
  const places = [
    "/data/photos/train",
    "/home/me",
    "/home/me/dogs-vs-cats/train",
    "/home/me/sample",
    "/home/me/sample/photos",
    "/home/me/mes photos/été",
    "/home/me/photos/0123abcd",
    `/home/me/${"x".repeat(200)}/train`,
    "/",
  ];
  for (const place of places) assertMatch(runName(place, "/home/me"), place === "/" ? /^[0-9a-f]{8}$/ : hashed);
  assertMatch(runName("/home/me/dogs-vs-cats/train", "/home/me"), /^dogs-vs-cats-train-/);
});

const part = fc.oneof(
  fc.constantFrom("photos", "train", "a", "b", "a-b", "b-a", "-", "sample", ".x", "ä", "Photos", "0123abcd"),
  fc.string({ unit: fc.constantFrom("a", "-", "_", ".", " ", "é"), minLength: 1, maxLength: 6 })
    .filter((name) => name !== "." && name !== ".."),
);
const place = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);

Deno.test("runName() is one folder's name, the same for the same place and another for every other", () =>
  fc.assert(
    fc.property(fc.uniqueArray(place, { minLength: 2, maxLength: 30 }), fc.constantFrom("/", "/a", "/photos"), (
      places,
      workingFolder,
    ) => {
      const names = places.map((place) => runName(place, workingFolder));
      assertEquals(new Set(names).size, places.length);
      for (const [k, name] of names.entries()) {
        assertEquals(runName(places[k], workingFolder), name);
        assert(/^[A-Za-z0-9][\w.-]*$/.test(name) && name.length <= 100, name);
        assert(![0, 1, 7].some((seed) => runOnSample(seed) === `runs/${name}`), name);
      }
    }),
  ));

Deno.test("runOnSample() names another run for each seed", () => {
  assertEquals([0, 7, -1].map(runOnSample), ["runs/sample", "runs/sample-seed-7", "runs/sample-seed--1"]);
});
