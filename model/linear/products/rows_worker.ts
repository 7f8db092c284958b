/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** Holds a part of the rows and multiplies it, beside the main thread and the other parts. */
import { messageOf } from "../../../data/base/message_of.ts";
import type { FailedReply } from "../../../data/base/worker_conversation.ts";
import { HeldRows } from "./held_rows.ts";
import type { RowsReply, RowsRequest } from "./rows_messages.ts";

let held: HeldRows | undefined;

self.onmessage = ({ data: request }: MessageEvent<RowsRequest>) => {
  let reply: RowsReply | FailedReply;
  try {
    reply = answer(request);
  } catch (error) {
    reply = { kind: "failed", message: messageOf(error) };
  }
  self.postMessage(reply);
};

function answer(request: RowsRequest): RowsReply {
  if (request.kind === "hold") {
    held = new HeldRows(request.rows);
    return { kind: "held" };
  }
  if (held === undefined) throw new Error("expected rows, got none");
  if (request.kind === "times") return { kind: "products", products: held.times(request.columns) };
  return { kind: "blocks", blocks: held.transposed(request.coefficients) };
}
