import { z } from "zod";
import { LabelSchema } from "../photos/photo.ts";

/** The output of `predict`: what the finished classifier says of the photos to predict and of those that validate. */
export const Predictions = z.object({
  test: z.array(z.object({ id: z.string(), pDog: z.number() })),
  validation: z.array(z.object({ id: z.string(), label: LabelSchema, pDog: z.number() })),
});
export type Predictions = z.infer<typeof Predictions>;
