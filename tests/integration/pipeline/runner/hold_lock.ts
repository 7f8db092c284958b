import { lockRun } from "../../../../pipeline/runner/run_folder.ts";

// Holds the lock of the folder named as its argument until the process is killed, and says when it has it.
using _lock = await lockRun(Deno.args[0]);
console.log("locked");
await new Promise((_, reject) => setTimeout(() => reject(new Error("nobody killed this process")), 60_000));
