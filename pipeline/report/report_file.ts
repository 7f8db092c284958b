import { z } from "zod";
import { ValidationEstimates } from "../predictions/validation_estimates.ts";

/** The page, in the folder of the stage that renders it. */
export const REPORT_FILE = "report.html";

/** What that stage's manifest tells besides. */
export const ReportDetails = z.object({ validation: ValidationEstimates.nullable() });
