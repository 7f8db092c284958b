import { Fitted } from "../../classifier/fitted.ts";
import { epochsSoFar } from "../../classifier/fusion_network/epochs_so_far.ts";
import { epochsOf } from "../../report/gather/learning.ts";
import type { EpochSummary } from "../../report/report_data.ts";
import type { Manifest } from "../../store/manifest.ts";
import type { StageFolder } from "../../store/run_folder.ts";

/** The epochs of one training: of one that has finished by its manifest, of one under way by its checkpoint. */
export async function learntEpochs(
  stage: EpochSummary["stage"],
  folder: StageFolder,
  manifest: Pick<Manifest, "details"> | undefined,
): Promise<EpochSummary[]> {
  if (manifest) {
    const { success, data } = Fitted.safeParse(manifest.details);
    return success ? epochsOf(stage, data) : [];
  }
  const epochs = (await epochsSoFar(folder)).filter(({ epoch }) => epoch > 0);
  const best = Math.min(...epochs.map(({ validationLoss }) => validationLoss));
  return epochs.flatMap(({ trainLoss, trainAccuracy, backboneRate, ...epoch }) =>
    trainLoss === null ? [] : [{
      ...epoch,
      stage,
      trainLoss,
      trainAccuracy: trainAccuracy ?? undefined,
      backboneRate: backboneRate > 0 ? backboneRate : undefined,
      best: epoch.validationLoss === best,
    }]
  );
}
