import type { RunView } from "../../run/run_view.ts";
import type { RunFeed } from "../../run/run_feed.ts";
import { changedParts, type Parts } from "../../pages/parts.ts";

/** A line now and then, by which both sides notice that the other is gone. */
const ALIVE_MILLISECONDS = 15_000;

/**
 * The parts of a page as server-sent events, each whenever it is another than before, until the browser goes away.
 * @param partsOf what the page shows of a run
 */
export function eventStream(feed: RunFeed, partsOf: (view: RunView) => Promise<Parts>): Response {
  const sent = new Map<string, string>();
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let turn = Promise.resolve();
      const send = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          // The browser went away while the parts were made.
        }
      };
      const alive = setInterval(() => send(": alive\n\n"), ALIVE_MILLISECONDS);
      const unwatch = feed.watch((view) => {
        turn = turn.then(async () => {
          const changed = changedParts(await partsOf(view), sent);
          if (changed.size === 0) return;
          for (const [id, markup] of changed) sent.set(id, markup);
          send(`event: parts\ndata: ${JSON.stringify(Object.fromEntries(changed))}\n\n`);
        }).catch((thrown) => send(`: ${JSON.stringify(String(thrown))}\n\n`));
      });
      stop = () => {
        clearInterval(alive);
        unwatch();
      };
      send("retry: 1000\n\n");
    },
    cancel: () => stop(),
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" } });
}
