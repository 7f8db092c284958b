import type { Context, Hono } from "hono";
import type { RunKnowledge } from "../../knowledge/run_knowledge.ts";
import { UserError } from "../../files/user_error.ts";
import type { PhotoSet } from "../../runner/stage.ts";
import { layout } from "../pages/layout.ts";
import { photoPage } from "../pages/photo/photo_page.ts";
import { htmlResponse } from "./html_response.ts";
import { evidencePicture } from "./evidence_picture.ts";
import type { Studio } from "./studio.ts";

/** Pictures of one photo hold for a while; what a classifier sees in it changes with the classifier. */
const KEEP = { photo: "private, max-age=600", evidence: "private, max-age=20" };

/** Pictures of the run's photos, asked for by set and id: no path is ever taken from an address. */
export function photoRoutes(app: Hono, { feed, knowledge }: Studio): void {
  const pictures = async (
    context: Context,
    type: string,
    keep: string,
    make: (known: RunKnowledge, set: PhotoSet, id: string) => Promise<Uint8Array | undefined>,
  ) => {
    const known = await knowledge.get();
    const { set, id } = photoIn(context);
    const picture = known && await make(known, set, id);
    if (!picture) return context.notFound();
    return context.body(new Uint8Array(picture), 200, { "Content-Type": type, "Cache-Control": keep });
  };
  app.get(
    "/photo/thumbnail",
    (context) => pictures(context, "image/jpeg", KEEP.photo, (known, set, id) => known.thumbnail(set, id)),
  );
  app.get(
    "/photo/picture",
    (context) => pictures(context, "image/jpeg", KEEP.photo, (known, set, id) => known.picture(set, id)),
  );
  app.get("/photo/evidence", (context) => pictures(context, "image/png", KEEP.evidence, evidenceOf));
}

function photoIn({ req }: Context): { readonly set: PhotoSet; readonly id: string } {
  return { set: req.query("set") === "test" ? "test" : "train", id: req.query("id") ?? "" };
}

async function evidenceOf(known: RunKnowledge, set: PhotoSet, id: string): Promise<Uint8Array | undefined> {
  try {
    const map = await known.evidence(set, id);
    return map && await evidencePicture(map);
  } catch (thrown) {
    // Without a classifier nothing is seen: the photo stands without it.
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
}
