/** What every page does: parts of it that the server sends again are put in place as they come. */
import { replacePart, say } from "./page.ts";

let events: EventSource | undefined;

/** Only a page that is seen listens: browsers allow few connections at a time. */
function listen(): void {
  if (document.hidden) {
    events?.close();
    events = undefined;
    return;
  }
  if (events) return;
  events = new EventSource(`/events?page=${document.body.dataset.page ?? ""}`);
  events.addEventListener("parts", ({ data }: MessageEvent<string>) => {
    const parts: Record<string, string> = JSON.parse(data);
    for (const [id, markup] of Object.entries(parts)) replacePart(id, markup);
    if (parts["review-applied"]) document.dispatchEvent(new CustomEvent("applied"));
  });
  events.addEventListener("error", () => {
    if (events?.readyState !== EventSource.CLOSED) return;
    events = undefined;
    say("The studio no longer answers. Start it again with deno task studio, and open the address that it prints.");
  });
}

document.addEventListener("visibilitychange", listen);
listen();
