import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LEFT_OUT_KINDS } from "../../../../data/source/file_kind.ts";
import { countFiles, type LeftOut, leftOutAdvice, leftOutText } from "../../../../data/source/left_out.ts";

const of = (kind: LeftOut["kind"], ...ids: string[]): LeftOut[] => ids.map((id) => ({ id, kind }));

const some = fc.array(fc.record({ id: fc.string({ maxLength: 200 }), kind: fc.constantFrom(...LEFT_OUT_KINDS) }));

Deno.test("leftOutText() counts and names each kind, in one order", () => {
  const left = [
    ...of("emptyFolder", "new"),
    ...of("hidden", ".b", ".a"),
    ...of("video", "clip.10.mov", "clip.9.mov", "z.mov", "a.mov"),
    ...of("svg", "logo.svg"),
  ];
  const text = "4 videos (a.mov, clip.9.mov, clip.10.mov, ...), 1 SVG drawing (logo.svg), 2 hidden files (.a, .b), " +
    "1 empty folder (new)";
  assertEquals(leftOutText(left), text);
  assertEquals(leftOutText(left.toReversed()), text);
  assertEquals(leftOutText([]), "");
});

Deno.test("leftOutText() is one line of bounded length, however much it is, and its numbers add up", () => {
  fc.assert(fc.property(some, (left) => {
    const text = leftOutText(left);
    assert(text.length <= LEFT_OUT_KINDS.length * 300);
    const kinds = new Set(left.map(({ kind }) => kind));
    const folders = left.filter(({ kind }) => kind === "emptyFolder").length;
    assertEquals(text === "", kinds.size === 0);
    assertEquals(countFiles(left), left.length - folders);
  }));
});

Deno.test("leftOutAdvice() says what to save as photos, and nothing of the rest", () => {
  assertEquals(
    leftOutAdvice([...of("bmp", "a.bmp"), ...of("raw", "b.dng"), ...of("video", "c.mov")]),
    ". To have camera's raw files, BMP pictures taken, save them as JPEG or PNG",
  );
  assertEquals(leftOutAdvice(of("hidden", ".a")), "");
});
