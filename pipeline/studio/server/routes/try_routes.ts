import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { PhotoError } from "../../../../data/photo_error.ts";
import { MAXIMUM_PHOTO_BYTES } from "../../../../data/picture/photo_file.ts";
import { pictureOf } from "../../../thumbnails/picture_of.ts";
import { layout } from "../../pages/layout.ts";
import { noRunYet } from "../../pages/no_run_yet.ts";
import { notTried } from "../../pages/try/tried_card.ts";
import { triedPicture, tryPage } from "../../pages/try/try_page.ts";
import { evidencePicture } from "../answers/evidence_picture.ts";
import { htmlResponse } from "../answers/html_response.ts";
import { requiredKnowledge } from "../answers/required_knowledge.ts";
import type { Studio } from "../answers/studio.ts";

/** Any picture: P(dog), where it is seen, and what it resembles. Pictures stay in memory, one at a time. */
export function tryRoutes(app: Hono, { feed, knowledge }: Studio): void {
  let turn: Promise<unknown> = Promise.resolve();
  app.get("/try", async () => {
    const view = await feed.view();
    const hasClassifier = view.stages.some(({ stage, seconds }) => stage === "finetune" && seconds !== undefined);
    const words = "Nothing can be tried yet: the run has to learn first.";
    const content = hasClassifier ? tryPage() : noRunYet("Try", words);
    // The first picture waits for nothing that can be got ready before it comes.
    if (hasClassifier) knowledge.get().then((known) => known?.warm()).catch(() => {});
    return htmlResponse(layout({ name: "try", content, scripts: ["try"] }, view));
  });
  app.post("/try", bodyLimit({ maxSize: MAXIMUM_PHOTO_BYTES, onError: tooLarge }), async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const name = nameIn(context.req.header("X-Name"));
    const answer = turn.then(async () => {
      const tried = await (await requiredKnowledge(knowledge)).tryPicture(bytes, name);
      if (tried instanceof PhotoError) return notTried(name, tried.message);
      const [picture, evidence] = await Promise.all([pictureOf(bytes), evidencePicture(tried.evidence)]);
      return triedPicture(tried, dataUri("image/jpeg", picture), dataUri("image/png", evidence));
    });
    turn = answer.catch(() => {});
    return htmlResponse(await answer);
  });
}

function tooLarge(context: Context): Response {
  return context.text(
    `Cannot try it: expected a picture of up to ${MAXIMUM_PHOTO_BYTES / 2 ** 20} MiB, got a larger file`,
    413,
  );
}

/** The name that a picture came by, as the browser has written it. */
function nameIn(header = ""): string {
  try {
    return decodeURIComponent(header).slice(0, 300) || "a picture";
  } catch {
    return "a picture";
  }
}

function dataUri(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${new Uint8Array(bytes).toBase64()}`;
}
