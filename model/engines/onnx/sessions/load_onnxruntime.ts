/**
 * Loads onnxruntime when it is needed, so that a platform without a binary is an answer and not an uncaught error. From
 * 1.29 on its library tells its maker of each graph that it runs and keeps a database for that in the user's cache folder,
 * unless this variable of the environment is there before it starts.
 */
export function loadOnnxruntime(): Promise<typeof import("onnxruntime-node")> {
  Deno.env.set("ORT_DISABLE_TELEMETRY", "1");
  return import("onnxruntime-node");
}
