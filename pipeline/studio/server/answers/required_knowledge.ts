import { UserError } from "../../../files/user_error.ts";
import type { RunKnowledge } from "../../../knowledge/run_knowledge.ts";
import type { CurrentKnowledge } from "../../run/current_knowledge.ts";

/** @throws UserError where there is no run yet. */
export async function requiredKnowledge(knowledge: Pick<CurrentKnowledge, "get" | "out">): Promise<RunKnowledge> {
  const known = await knowledge.get();
  if (known) return known;
  throw new UserError(`Cannot look into ${knowledge.out}: expected a run, got none. Start it on the page Run`);
}
