import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { fileKind, LEFT_OUT_KINDS } from "../../../../data/source/file_kind.ts";

Deno.test("fileKind() knows photos by the extension, in any case", () => {
  const photos = ["cat.1.jpg", "a/b/DOG.JPEG", "x.PNG", "x.webp", "x.gif", "x.tif", "x.TIFF", "x.avif", "IMG_1.HEIC"];
  for (const path of [...photos, "x.heif", "x.hif", "x.jfif"]) assertEquals(fileKind(path), "photo", path);
});

Deno.test("fileKind() names the kind of everything else", () => {
  const kinds = {
    video: ["IMG_2.MOV", "a/clip.mp4"],
    raw: ["x.dng", "x.CR2", "x.nef"],
    bmp: ["x.bmp"],
    jxl: ["x.jxl"],
    svg: ["x.svg", "x.svgz"],
    pdf: ["x.pdf"],
    picture: ["x.psd", "favicon.ico"],
    archive: ["more.zip"],
    hidden: [".hidden.jpg", ".cache/cat.1.jpg", ".git/HEAD"],
    system: ["Thumbs.db", ".DS_Store", "a/desktop.ini", "__MACOSX/train/cat.1.jpg", "train/._cat.1.jpg"],
    other: ["notes.txt", "jpg", "a.jpg/readme", "x.jpg.part", "", "labels.csv", "IMG_2.AAE"],
  } as const;
  for (const [kind, paths] of Object.entries(kinds)) {
    for (const path of paths) assertEquals(fileKind(path), kind, path);
  }
});

Deno.test("fileKind() gives any path one kind", () => {
  fc.assert(fc.property(fc.string(), (path) => {
    const kind = fileKind(path);
    assertEquals(kind === "photo" || LEFT_OUT_KINDS.includes(kind), true);
  }));
});
