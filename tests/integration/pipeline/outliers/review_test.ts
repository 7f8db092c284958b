import { join } from "@std/path";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { EMPTY_REVIEW, readReview } from "../../../../pipeline/outliers/review.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("readReview() reads both lists", () =>
  inFolder(async (folder) => {
    const path = join(folder, "review.json");
    await Deno.writeTextFile(path, '{ "drop": ["dog.2.jpg"], "keep": ["cat.1.jpg", "cat.3.jpg"] }');
    assertEquals(await readReview(path), { keep: ["cat.1.jpg", "cat.3.jpg"], drop: ["dog.2.jpg"] });
  }));

Deno.test("readReview() is empty where there is no file", () =>
  inFolder(async (folder) => assertEquals(await readReview(join(folder, "review.json")), EMPTY_REVIEW)));

Deno.test("readReview() refuses what is no review, in one line with an example", () =>
  inFolder(async (folder) => {
    const path = join(folder, "review.json");
    for (
      const text of ["", "{", "[]", '{"keep": []}', '{"keep": [1], "drop": []}', '{"keep":[],"drop":[],"dorp":[]}']
    ) {
      await Deno.writeTextFile(path, text);
      const { message } = await assertRejects(() => readReview(path), UserError);
      assertStringIncludes(message, `Cannot read ${path}: expected JSON like { "keep": ["cat.1.jpg"]`);
      assertEquals(message.includes("\n"), false);
    }
  }));

Deno.test("readReview() refuses a photo in both lists", () =>
  inFolder(async (folder) => {
    const path = join(folder, "review.json");
    await Deno.writeTextFile(path, '{"keep": ["a", "b"], "drop": ["c", "b"]}');
    await assertRejects(() => readReview(path), UserError, "got b in both keep and drop");
  }));
