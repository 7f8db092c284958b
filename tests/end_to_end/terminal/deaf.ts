// Work that hears the wish to stop and goes on: only a second signal ends it.
import { listenForInterruption } from "../../../pipeline/commands/endings/interruption.ts";

const { signal } = listenForInterruption();
signal.addEventListener("abort", () => console.log("told to stop"));
console.log("at work");
setInterval(() => {}, 1000);
