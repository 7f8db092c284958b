import { join } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
import { assertReviewNamesPhotos } from "../../../../../pipeline/review/file/assert_review_names_photos.ts";
import { readReview } from "../../../../../pipeline/review/file/read_review.ts";
import { EMPTY_REVIEW } from "../../../../../pipeline/review/file/review.ts";
import { inFolder } from "../../in_folder.ts";

const IDS = ["cat.0.jpg", "cat.1.jpg", "dog.0.jpg"];
const listed = () => Promise.resolve(IDS);

Deno.test("readReview() reads what the user wrote, and is empty where there is no file", () =>
  inFolder(async (folder) => {
    const path = join(folder, "review.json");
    assertEquals(await readReview(path), EMPTY_REVIEW);
    await Deno.writeTextFile(path, '{ "drop": ["dog.2.jpg"], "keep": ["cat.1.jpg", "cat.3.jpg"] }');
    const keep = new Set(["cat.1.jpg", "cat.3.jpg"]);
    assertEquals(await readReview(path), { ...EMPTY_REVIEW, keep, drop: new Set(["dog.2.jpg"]) });
  }));

Deno.test("assertReviewNamesPhotos() points at a name that no photo has, with the nearest one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "review.json");
    await assertReviewNamesPhotos(path, listed);
    await Deno.writeTextFile(path, JSON.stringify({ keep: IDS }));
    await assertReviewNamesPhotos(path, listed);
    for (const list of ["keep", "drop"]) {
      await Deno.writeTextFile(path, `{\n  "${list}": [\n    "cat.0.jpg",\n    "cat.1.jpeg"\n  ]\n}`);
      const { message } = await assertRejects(() => assertReviewNamesPhotos(path, listed), UserError);
      assertEquals(
        message,
        `Cannot follow ${path}, line 4, ${list}[1]: expected a photo of the training folder, got cat.1.jpeg. Did you ` +
          `mean cat.1.jpg?`,
      );
    }
    await Deno.writeTextFile(path, '{ "relabel": { "dog.o.jpg": "cat" } }');
    await assertRejects(
      () => assertReviewNamesPhotos(path, listed),
      UserError,
      'line 1, relabel["dog.o.jpg"]: expected a photo of the training folder, got dog.o.jpg. Did you mean dog.0.jpg?',
    );
    await assertRejects(() => assertReviewNamesPhotos(path, () => Promise.resolve([])), UserError, "right folder?");
    await Deno.writeTextFile(path, '{ "keep": ["dog.16.jpg"], "drop": ["cat.63.jpg"] }');
    await assertRejects(
      () => assertReviewNamesPhotos(path, () => Promise.resolve(["cats/1.jpg", "dogs/1.jpg"])),
      UserError,
      "got dog.16.jpg. None of its photos is there. Is --data the right folder? If it is, move the file away",
    );
  }));
