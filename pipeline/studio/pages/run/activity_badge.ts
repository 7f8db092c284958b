import { type Html, html, nothing } from "../../../report/html.ts";
import type { RunView } from "../../run/run_view.ts";

/** In the head of every page, whether the run is under way and where it is. */
export function activityBadge({ activity, stages, progress }: RunView): Html {
  if (activity === "idle") return nothing;
  const running = stages.find(({ state }) => state === "running");
  const where = running ? `: ${running.stage}` : "";
  const share = progress ? ` ${Math.floor(100 * progress.done / progress.total)}%` : "";
  return html`<a href="/"><span class="mark running" aria-hidden="true"></span>${
    ACTIVITIES[activity]
  }${where}${share}</a>`;
}

const ACTIVITIES = { running: "Running", stopping: "Stopping", elsewhere: "Running in another program" } as const;
