import { Device } from "../model/engines/webgpu/device/device.ts";
import { findGpuAdapter, requestGpuDevice } from "../model/engines/gpu/gpu_adapter.ts";
import { GpuErrors } from "../model/engines/gpu/gpu_errors.ts";
import { DeviceGraph } from "../model/engines/webgpu/training/device_graph.ts";
import { DeviceTensors } from "../model/engines/webgpu/training/device_tensors.ts";
import { trainingProgram } from "../model/training/training_program.ts";
import { planGraph } from "../model/engines/webgpu/training/plan/graph_plan.ts";
import { fusedShader } from "../model/engines/webgpu/training/kernels/fused_shader.ts";
import { inOrder } from "../model/autograd/value.ts";
import { tinyFineTuning } from "./integration/model/training/golden_fine_tune.ts";
const found = await findGpuAdapter();
if (!found) Deno.exit(1);
const errors = new GpuErrors(await requestGpuDevice(found));
const device = new Device(errors, found.description, "f32");
let t = performance.now();
const lap = (what: string) => { console.log(what, (performance.now() - t).toFixed(0)); t = performance.now(); };
const head = { head: { features: 64, hidden: [32, 16, 8] }, tuned: [], momentum: 0.91, batchSize: 16 };
const spec = Deno.args[0] ? (await tinyFineTuning()).spec : head;
lap("spec");
const program = trainingProgram(spec);
lap("program");
const plan = planGraph(program.step);
lap("plan");
console.log("kernels", plan.kernels.length, "temporaries", plan.temporaries.length, plan.temporaries.reduce((a,b)=>a+b,0)*4/1e6, "MB; copies", plan.copies.length);
const codes = plan.kernels.map((kernel) => ({ kernel, ...fusedShader(kernel, plan.views, (h) => h, device.tileLimits) }));
lap("code");
const distinct = new Map(codes.map((c) => [c.code, c]));
console.log("distinct", distinct.size);
if (Deno.args[0] !== "q") for (const { code, kernel } of distinct.values()) {
  const s = performance.now();
  device.pipeline(code, "x");
  const ms = performance.now() - s;
  console.log(ms.toFixed(0), code.length, (kernel.root?.operation.kind ?? "-"), kernel.root?.shape.join("x") ?? "", kernel.members.map((m) => m.operation.kind).join(","), kernel.stored.length, kernel.reads.length);
}
lap("compile");
if (Deno.args[1]) for (const c of distinct.values()) if (c.kernel.root?.operation.kind === Deno.args[1]) { console.log(c.code); break; }
await errors.settle(Promise.resolve());
errors.close();
