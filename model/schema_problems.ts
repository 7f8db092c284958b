import type { z } from "zod";
import { cutText, firstFew } from "./first_few.ts";

/** What a schema found wrong, in one line for an error: `width: expected 0.0625 to 2, got 9; ...`. */
export function schemaProblems({ issues }: z.ZodError): string {
  return firstFew(issues.map(({ path, message }) => cutText(`${path.join(".")}: ${message}`)), "; ");
}
