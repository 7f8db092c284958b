import { z } from "zod";
import type { Json } from "../files/hashing.ts";

/** A setting that says itself, as JSON, what a result depends on that was made by it. */
export interface SettingObject {
  toJSON(): Json;
}

/** What a stage is told of how to work. */
export type Setting = Json | SettingObject | readonly Setting[] | { readonly [name: string]: Setting };

const JsonValue: z.ZodType<Json> = z.json();

/** A setting as it stands in a manifest. */
export function settingJson(setting: Setting): Json {
  return JsonValue.parse(JSON.parse(JSON.stringify(setting)));
}
