import { Device } from "../model/engines/webgpu/device/device.ts";
import { findGpuAdapter, requestGpuDevice } from "../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../model/engines/gpu/gpu_errors.ts";
import { trainingProgram } from "../model/training/training_program.ts";
import { planGraph, placeOf } from "../model/engines/webgpu/training/plan/graph_plan.ts";
import { fusedShader } from "../model/engines/webgpu/training/kernels/fused_shader.ts";
const found = await findGpuAdapter();
if (!found) Deno.exit(1);
const errors = new GpuErrors(await requestGpuDevice(found));
const device = new Device(errors, found.description, "f32");
const spec = { head: { features: 64, hidden: [32, 16, 8] }, tuned: [], momentum: 0.91, batchSize: 16 };
const plan = planGraph(trainingProgram(spec).step);
const seen = new Set<string>();
for (const kernel of plan.kernels) {
  const { code, buffers, grid } = fusedShader(kernel, plan.views, (h) => JSON.stringify(placeOf(plan, h)), device.tileLimits);
  if (seen.has(code)) continue; seen.add(code);
  const pipeline = device.pipeline(code, "x");
  const b = device.bind(pipeline, [undefined, ...buffers.map(() => device.storage(20000, "b"))], "x");
  const s = performance.now();
  const e = device.gpu.createCommandEncoder(); const p = e.beginComputePass(); p.setPipeline(pipeline); p.setBindGroup(0, b); p.dispatchWorkgroups(...grid); p.end(); device.gpu.queue.submit([e.finish()]);
  await errors.settle(device.gpu.queue.onSubmittedWorkDone());
  console.log((performance.now() - s).toFixed(0), code.length, (kernel.root?.operation.kind ?? "-"), kernel.root?.shape.join("x") ?? "", kernel.members.map((m) => m.operation.kind).join(","), grid.join());
}
errors.close();
