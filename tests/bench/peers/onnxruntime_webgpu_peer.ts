/**
 * onnxruntime's WebGPU provider, as a program that answers questions: a line of JSON each. It runs apart because it
 * brings a WebGPU of its own, native code that ends the whole process where it cannot start.
 *
 * usage: deno run -A tests/bench/peers/onnxruntime_webgpu_peer.ts
 */
import { messageOf } from "../../../data/base/message_of.ts";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { Safetensors, storedTensor, writeSafetensors } from "../../../model/weights/safetensors.ts";

const Question = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open"), name: z.string(), model: z.string() }),
  z.object({ do: z.literal("prepare"), name: z.string(), input: z.string() }),
  z.object({ do: z.literal("run"), name: z.string(), output: z.string().optional() }),
  z.object({ do: z.literal("close"), name: z.string() }),
]);

const sessions = new Map<string, InferenceSession>();
const inputs = new Map<string, Tensor>();

function known<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw new Error(`expected one of [${[...values.keys()]}], got ${name}`);
  return value;
}

async function answer(question: z.infer<typeof Question>): Promise<unknown> {
  const { name } = question;
  switch (question.do) {
    case "open": {
      // Only this provider: with the CPU's beside it, a GPU that is missing would go unnoticed.
      const session = await InferenceSession.create(question.model, {
        executionProviders: ["webgpu"],
        graphOptimizationLevel: "all",
      });
      sessions.set(name, session);
      return {};
    }
    case "prepare": {
      const { shape, data } = new Safetensors(await Deno.readFile(question.input)).tensor("input");
      inputs.set(name, new Tensor("float32", data, [...shape]));
      return {};
    }
    case "run": {
      const session = known(sessions, name);
      const started = performance.now();
      const results = await session.run({ [session.inputNames[0]]: known(inputs, name) });
      const { data, dims } = results[session.outputNames[0]];
      const ms = performance.now() - started;
      if (!(data instanceof Float32Array)) throw new Error("expected an output in float32, got another type");
      if (question.output !== undefined) {
        const stored = storedTensor({ shape: [...dims], data: data.slice() });
        await Deno.writeFile(question.output, writeSafetensors(new Map([["output", stored]])));
      }
      return { ms };
    }
    case "close":
      await known(sessions, name).release();
      sessions.delete(name);
      return {};
  }
}

const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
let rest = "";
for await (const text of lines) {
  const complete = (rest + text).split("\n");
  rest = complete.pop() ?? "";
  for (const line of complete) {
    try {
      console.log(JSON.stringify({ reply: await answer(Question.parse(JSON.parse(line))) }));
    } catch (error) {
      console.log(JSON.stringify({ error: messageOf(error) }));
    }
  }
}
