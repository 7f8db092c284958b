import { fromFileUrl, join } from "@std/path";
import { z } from "zod";
import { Safetensors } from "../../../model/weights/safetensors.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { tensorFile } from "../../../pipeline/classifier/state_file.ts";
import { type Contestant, FLOAT16_TOLERANCE, FLOAT32_TOLERANCE } from "../contestants/contestant.ts";
import { PYTORCH } from "../page/row.ts";
import { PeerProcess } from "./peer_process.ts";

export const Nothing = z.object({});
export const Milliseconds = z.object({ ms: z.number() });
const Hello = z.object({ version: z.string(), threads: z.number(), python: z.string(), gpu: z.string().nullable() });

/** PyTorch in a process of its own, and the folder through which arrays go to it. */
export interface Torch {
  readonly process: PeerProcess;
  readonly version: string;
  readonly threads: number;
  /** The graphics card on which it computes by CUDA, where there is one. */
  readonly gpu: string | null;
  /** Writes arrays where the peer reads them. */
  send(name: string, tensors: ReadonlyMap<string, Tensor>): Promise<string>;
  /** Where the peer is to write an answer, and how to read it. */
  place(name: string): string;
  receive(path: string): Promise<Safetensors>;
}

/**
 * Starts PyTorch.
 * @param python a Python that has it
 * @param reference the folder of nets.py
 * @param folder for arrays
 * @throws Error that says what is missing.
 */
export async function startTorch(
  python: string,
  reference: string,
  threads: number,
  folder: string,
): Promise<Torch> {
  const script = fromFileUrl(new URL("./torch_peer.py", import.meta.url));
  const process = PeerProcess.start(PYTORCH, python, [script, reference, String(threads)]);
  try {
    const { version, threads: used, python, gpu } = await process.ask({ do: "hello" }, Hello);
    const place = (name: string) => join(folder, `torch-${name}.safetensors`);
    return {
      process,
      version: `${version} on ${used} threads, Python ${python}`,
      threads,
      gpu,
      place,
      async send(name, tensors) {
        await Deno.writeFile(place(name), tensorFile(tensors));
        return place(name);
      },
      receive: async (path) => new Safetensors(await Deno.readFile(path)),
    };
  } catch (error) {
    await process.close();
    throw error;
  }
}

/** Where PyTorch computes, and in which floats. TF32 has the range of 32 bits and the digits of 16. */
const PLACES = {
  cpu: { name: PYTORCH, on: "CPU", tolerance: FLOAT32_TOLERANCE, asked: { device: "cpu", floats: "f32" } },
  f32: cuda("f32", FLOAT32_TOLERANCE),
  tf32: cuda("tf32", FLOAT16_TOLERANCE),
  f16: cuda("f16", FLOAT16_TOLERANCE),
} as const;

function cuda(floats: string, tolerance: number) {
  return { name: `${PYTORCH} CUDA ${floats}`, on: "GPU", tolerance, asked: { device: "cuda", floats } } as const;
}

/**
 * PyTorch as contestants for the backbones: on the CPU, and where it has CUDA, there in floats of 32 bits, TF32 and 16
 * bits. Closing them leaves the process to whoever started it.
 */
export function torchContestants(torch: Torch): Contestant[] {
  const { cpu, f32, tf32, f16 } = PLACES;
  return [cpu, ...torch.gpu === null ? [] : [f32, tf32, f16]].map((place) => torchContestant(torch, place));
}

/** PyTorch at one of its places. */
function torchContestant(
  torch: Torch,
  { name: by, on, tolerance, asked }: typeof PLACES[keyof typeof PLACES],
): Contestant {
  const { process } = torch;
  return {
    name: by,
    device: on === "GPU" ? `${torch.gpu}, by ${torch.version}` : torch.version,
    on,
    tolerance,
    async open({ path, description }) {
      const name = `${by}, ${description.architecture}`;
      await process.ask({ do: "open", name, description, weights: path, ...asked }, Nothing);
      return {
        async prepare(input) {
          const sent = await torch.send(name, new Map([["input", input]]));
          await process.ask({ do: "prepare", name, input: sent }, Nothing);
        },
        async output() {
          const output = torch.place(`${name}-output`);
          await process.ask({ do: "run", name, output, ...asked }, Milliseconds);
          return (await torch.receive(output)).tensor("output").data;
        },
        run: async () => (await process.ask({ do: "run", name, ...asked }, Milliseconds)).ms,
        close: () => Promise.resolve(),
      };
    },
    async openProducts(side, products) {
      await process.ask({ do: "open products", side, ...asked }, Nothing);
      return {
        run: async () => (await process.ask({ do: "run products", products, ...asked }, Milliseconds)).ms,
        close: () => Promise.resolve(),
      };
    },
    close: () => Promise.resolve(),
  };
}
