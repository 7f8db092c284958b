/** Exit statuses of a program that a signal stopped, by the shell's convention: 128 and the signal's number. */
const STATUSES = { SIGINT: 130, SIGTERM: 143 } as const;
type StoppingSignal = keyof typeof STATUSES;
// A terminal that closes (SIGHUP) ends the program at once, which no run minds: a listener would undo `nohup`.

/** Signals within this time are one wish: `deno task` passes on what the terminal has sent to all already. */
const ONE_WISH_MILLISECONDS = 500;

/** The wish to stop, from Ctrl-C or from another program. */
export interface Interruption {
  /** Told when the first signal comes. */
  readonly signal: AbortSignal;
  /** The exit status that says what stopped the program; `undefined` while nothing has. */
  status(): number | undefined;
}

/** Listens for signals that ask to stop. The first lets work end in order; one that comes later ends all at once. */
export function listenForInterruption(): Interruption {
  const stopping = new AbortController();
  let status: number | undefined;
  const listeners = (["SIGINT", "SIGTERM"] as const).map((name: StoppingSignal) => {
    const listener = () => {
      if (status !== undefined) return;
      status = STATUSES[name];
      stopping.abort();
      // Without a listener the system's own answer is back, which waits for no work that is under way here.
      Deno.unrefTimer(setTimeout(() => listeners.forEach((stop) => stop()), ONE_WISH_MILLISECONDS));
    };
    Deno.addSignalListener(name, listener);
    return () => Deno.removeSignalListener(name, listener);
  });
  return { signal: stopping.signal, status: () => status };
}
