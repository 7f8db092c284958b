import type { Context, Hono } from "hono";
import type { RunKnowledge } from "../../../knowledge/run_knowledge.ts";
import { UserError } from "../../../files/user_error.ts";
import { PhotoError } from "../../../../data/photo_error.ts";
import type { Html } from "../../../report/html.ts";
import type { PhotoSet } from "../../../runner/stage.ts";
import { layout } from "../../pages/layout.ts";
import { photoPage } from "../../pages/photo/photo_page.ts";
import { evidencePicture } from "../answers/evidence_picture.ts";
import { htmlResponse } from "../answers/html_response.ts";
import type { Studio } from "../answers/studio.ts";

/** Pictures of a photo hold for a while; what a classifier sees in it changes with the classifier. */
const KEEP_PHOTO = "private, max-age=600";
const KEEP_EVIDENCE = "private, max-age=20";

type Make = (known: RunKnowledge, set: PhotoSet, id: string) => Promise<Uint8Array | undefined>;

/** The run's photos one by one, asked for by set and id: no path is ever taken from an address. */
export function photoRoutes(app: Hono, { feed, knowledge }: Studio): void {
  const picture = (path: string, type: string, keep: string, make: Make) =>
    app.get(path, async (context) => {
      const known = await knowledge.get();
      const { set, id } = photoIn(context);
      const made = known && await pictureIfAny(known, set, id, make);
      if (!made) return context.notFound();
      return context.body(new Uint8Array(made), 200, { "Content-Type": type, "Cache-Control": keep });
    });
  picture("/photo/thumbnail", "image/jpeg", KEEP_PHOTO, (known, set, id) => known.thumbnail(set, id));
  picture("/photo/picture", "image/jpeg", KEEP_PHOTO, (known, set, id) => known.picture(set, id));
  picture("/photo/evidence", "image/png", KEEP_EVIDENCE, async (known, set, id) => {
    const map = await known.evidence(set, id);
    return map && await evidencePicture(map);
  });

  const card = async (context: Context): Promise<Html | undefined> => {
    const known = await knowledge.get();
    const { set, id } = photoIn(context);
    const photo = await known?.photo(set, id);
    return photo && photoPage(photo, await known?.nearest(set, id));
  };
  app.get("/photo/card", async (context) => {
    const content = await card(context);
    return content ? htmlResponse(content) : context.notFound();
  });
  app.get("/photo", async (context) => {
    const content = await card(context);
    if (!content) return context.notFound();
    return htmlResponse(layout({ name: "photo", content, scripts: ["predictions"] }, await feed.view()));
  });
}

function photoIn({ req }: Context): { readonly set: PhotoSet; readonly id: string } {
  return { set: req.query("set") === "test" ? "test" : "train", id: req.query("id") ?? "" };
}

/** A picture, or nothing where there is none: without a classifier nothing is seen, and photos change or go. */
async function pictureIfAny(
  known: RunKnowledge,
  set: PhotoSet,
  id: string,
  make: Make,
): Promise<Uint8Array | undefined> {
  try {
    return await make(known, set, id);
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof PhotoError) return undefined;
    throw thrown;
  }
}
