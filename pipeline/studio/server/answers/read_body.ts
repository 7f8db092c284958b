import type { Context } from "hono";
import type { z } from "zod";
import { UserError } from "../../../files/user_error.ts";

/**
 * What a request holds.
 * @throws UserError when it is anything else: the studio's own pages send nothing else.
 */
export async function readBody<Schema extends z.ZodType>(schema: Schema, { req }: Context): Promise<z.output<Schema>> {
  const result = schema.safeParse(await req.json().catch(() => undefined));
  if (result.success) return result.data;
  throw new UserError(
    "Cannot follow the request: expected one of the studio's pages to send it, got another. Reload the page",
  );
}
