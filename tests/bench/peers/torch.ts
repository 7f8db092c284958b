import { fromFileUrl, join } from "@std/path";
import { z } from "zod";
import { Safetensors } from "../../../model/weights/safetensors.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { tensorFile } from "../../../pipeline/classifier/state_file.ts";
import { type Contestant, FLOAT32_TOLERANCE } from "../contestants/contestant.ts";
import { PYTORCH } from "../page/row.ts";
import { PeerProcess } from "./peer_process.ts";

export const Nothing = z.object({});
export const Milliseconds = z.object({ ms: z.number() });
const Hello = z.object({ version: z.string(), threads: z.number(), python: z.string() });

/** PyTorch in a process of its own, and the folder through which arrays go to it. */
export interface Torch {
  readonly process: PeerProcess;
  readonly version: string;
  readonly threads: number;
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
    const { version, threads: used, python } = await process.ask({ do: "hello" }, Hello);
    const place = (name: string) => join(folder, `torch-${name}.safetensors`);
    return {
      process,
      version: `${version} on ${used} threads, Python ${python}`,
      threads,
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

/** PyTorch as a contestant for the backbones; closing it leaves the process to whoever started it. */
export function torchContestant(torch: Torch): Contestant {
  const { process } = torch;
  return {
    name: PYTORCH,
    device: torch.version,
    on: "CPU",
    tolerance: FLOAT32_TOLERANCE,
    async open({ path, description }) {
      const name = description.architecture;
      await process.ask({ do: "open", name, description, weights: path }, Nothing);
      return {
        async prepare(input) {
          const sent = await torch.send(name, new Map([["input", input]]));
          await process.ask({ do: "prepare", name, input: sent }, Nothing);
        },
        async output() {
          const output = torch.place(`${name}-output`);
          await process.ask({ do: "run", name, output }, Milliseconds);
          return (await torch.receive(output)).tensor("output").data;
        },
        run: async () => (await process.ask({ do: "run", name }, Milliseconds)).ms,
        close: () => Promise.resolve(),
      };
    },
    async openProducts(side, products) {
      await process.ask({ do: "open products", side }, Nothing);
      return {
        run: async () => (await process.ask({ do: "run products", products }, Milliseconds)).ms,
        close: () => Promise.resolve(),
      };
    },
    close: () => Promise.resolve(),
  };
}
