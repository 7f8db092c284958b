import { PartialDownload } from "../../../../pipeline/weights/partial_download.ts";

// Holds the unfinished file named as its argument until the process is killed, and says when it has it.
await using partial = await PartialDownload.open(Deno.args[0]);
await partial.write(Uint8Array.of(1, 2, 3));
console.log("held");
await new Promise((_, reject) => setTimeout(() => reject(new Error("nobody killed this process")), 60_000));
