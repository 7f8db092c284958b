import { readSafetensorsHeader } from "../../files/safetensors_file.ts";
import type { StageFolder } from "../../store/run_folder.ts";
import { CHECKPOINT_FILE } from "./checkpoint.ts";
import { type Epoch, EpochsSoFar } from "./train_epochs.ts";

/**
 * The epochs of a training that is under way, whoever trains: as its last checkpoint tells of them. None where it has
 * written no checkpoint yet, or just writes one.
 */
export async function epochsSoFar(folder: StageFolder): Promise<readonly Epoch[]> {
  try {
    const { metadata } = await readSafetensorsHeader(folder.path(CHECKPOINT_FILE));
    return EpochsSoFar.parse(JSON.parse(metadata.get("progress") ?? "null")).epochs;
  } catch {
    return [];
  }
}
