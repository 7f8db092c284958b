import type { Hono } from "hono";
import { REPORT_FILE } from "../../../report/report_file.ts";
import { stageFolder } from "../../../store/run_folder.ts";
import { VerifiedFolder } from "../../../store/verified_folder.ts";
import { layout } from "../../pages/layout.ts";
import type { Parts } from "../../pages/parts.ts";
import { activityBadge } from "../../pages/run/activity_badge.ts";
import { photosInWords } from "../../pages/run/photos_in_words.ts";
import { runPage, runParts } from "../../pages/run/run_page.ts";
import { appliedChanges } from "../../pages/review/applied_changes.ts";
import { applyPart } from "../../pages/review/apply_part.ts";
import { configIfThere } from "../../run/run_plan.ts";
import type { RunView } from "../../run/run_view.ts";
import { REPORT_POLICY } from "../../security/response_headers.ts";
import { eventStream } from "../answers/event_stream.ts";
import { htmlResponse } from "../answers/html_response.ts";
import type { Studio } from "../answers/studio.ts";

/** The run: its page, what starts and stops it, what is new in it, and its report. */
export function runRoutes(app: Hono, studio: Studio): void {
  const { applied, feed, own, watched, out } = studio;
  app.get("/", async () => {
    const view = await feed.view();
    const photos = photosInWords(await configIfThere(out).catch(() => undefined), studio.settings);
    return htmlResponse(layout({ name: "run", content: await runPage(view, watched.problem, photos) }, view));
  });
  app.post("/run/start", async (context) => {
    await applied.start(studio.settings);
    return context.redirect("/", 303);
  });
  app.post("/run/stop", (context) => {
    own.stop();
    return context.redirect("/", 303);
  });
  app.get("/events", (context) => {
    const page = context.req.query("page") ?? "";
    return eventStream(feed, (view) => partsOf(page, view, studio));
  });
  app.get("/report", async (context) => {
    const finished = await VerifiedFolder.open(stageFolder(out, "report"), "report");
    if (!finished) return context.notFound();
    return context.html(await finished.readText(REPORT_FILE), 200, { "Content-Security-Policy": REPORT_POLICY });
  });
}

/** What a page shows of the run as it goes on. */
async function partsOf(page: string, view: RunView, { applied, watched }: Studio): Promise<Parts> {
  const badge = ["activity", activityBadge(view)] as const;
  if (page === "run") return new Map([badge, ...await runParts(view, watched.problem)]);
  if (page !== "review") return new Map([badge]);
  return new Map([badge, ["review-apply", applyPart(view)], ["review-applied", appliedChanges(applied.compared)]]);
}
