import { z } from "zod";

/** Features that stand side by side: one value of a backbone, brought down to a vector. */
export const FeatureGroup = z.object({ name: z.string(), width: z.number().int().positive() });
export type FeatureGroup = Readonly<z.infer<typeof FeatureGroup>>;
