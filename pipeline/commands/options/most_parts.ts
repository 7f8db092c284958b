import { PARTS_OF_KEYS } from "../../features/cache/row_claims.ts";

/** Into so many parts a run's work can be divided at most. */
export const MOST_PARTS = PARTS_OF_KEYS;
