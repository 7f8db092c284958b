import { UserError } from "../../files/user_error.ts";
import { AppliedDecisions } from "../run/applied_decisions.ts";
import { CurrentKnowledge } from "../run/current_knowledge.ts";
import { OwnRun } from "../run/own_run.ts";
import { RunFeed } from "../run/run_feed.ts";
import { WatchedRun } from "../run/watched_run.ts";
import { Access } from "../security/access.ts";
import { readAssets } from "./answers/assets.ts";
import { studioApp } from "./studio_app.ts";

/** The only address that is listened at: no other machine reaches it. */
const HOSTNAME = "127.0.0.1";

/** Where the studio is looked for first when no port is named. */
const USUAL_PORT = 8642;

/** What is served, and where. */
export interface StudioOptions {
  readonly out: string;
  readonly settings: ReadonlyMap<string, string>;
  /** The port that the user wants; without it the usual one, or any that is free. */
  readonly port: number | undefined;
}

/**
 * Serves the studio of a run until the signal comes. A run that it has started is stopped in order then.
 * @param ready told the address to open
 * @throws UserError when the port is taken.
 */
export async function serveStudio(
  { out, settings, port }: StudioOptions,
  ready: (address: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const own = new OwnRun(out, () => feed.changed());
  const watched = new WatchedRun(out, own);
  const feed = new RunFeed(own, watched);
  const knowledge = new CurrentKnowledge(out);
  const applied = new AppliedDecisions(knowledge, own);
  feed.whenEnded(() => applied.ended());
  const assets = await readAssets();
  const server = listen(port, signal, (request) => app.fetch(request));
  const access = new Access(server.addr.port);
  const app = studioApp({ access, out, settings, own, watched, feed, knowledge, applied }, assets);
  try {
    await ready(access.address);
  } catch (thrown) {
    // Nobody can come who is not told the address.
    await server.shutdown();
    throw thrown;
  }
  // What cannot be read is told of by the page that shows it.
  knowledge.get().then((known) => known?.prepare()).catch(() => {});
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    // It may have come while the address was printed.
    if (signal.aborted) resolve();
  });
  own.stop();
  await own.over();
  await knowledge.close();
  await server.finished;
}

/** Listens at the port that is wanted, or at the usual one or any other where none is. */
function listen(
  wanted: number | undefined,
  signal: AbortSignal,
  handler: (request: Request) => Response | Promise<Response>,
) {
  const at = (port: number) => Deno.serve({ hostname: HOSTNAME, port, signal, onListen: () => {} }, handler);
  try {
    return at(wanted ?? USUAL_PORT);
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.AddrInUse)) throw thrown;
    if (wanted === undefined) return at(0);
    throw new UserError(
      `Cannot open the studio: expected port ${wanted} to be free, got one that is in use. Name another with --port, or none`,
    );
  }
}
