import { availableParallelism } from "node:os";
import type { Tensor } from "../../tensor.ts";
import { WorkerConversation } from "../../../data/base/worker_conversation.ts";
import { HeldRows, ROWS_A_BLOCK } from "./held_rows.ts";
import type { RowsReply, RowsRequest } from "./rows_messages.ts";

/** Values from which on workers gain more than they take to start. */
const WORTH_WORKERS = 1 << 22;

/** What one worker holds at most: WebAssembly's memories end at 4 GB. */
const MOST_BYTES = 2 ** 31;

/** Rows by which one matmul after another is taken, on every core. The results are the same bits on however many. */
export interface RowProducts {
  /**
   * The matmul of the rows with columns, plus each column's last value (the bias).
   * @param columns each `[width + 1]`
   * @returns for each column `[n]`
   */
  times(columns: readonly Float64Array[]): Promise<readonly Float64Array[]>;
  /**
   * Its transpose: for each column the sum of the rows, each times its coefficient, and last the sum of the coefficients.
   * @param coefficients for each column `[n]`
   * @returns for each column `[width + 1]`
   */
  transposed(coefficients: readonly Float64Array[]): Promise<readonly Float64Array[]>;
  close(): void;
}

/**
 * Takes in rows: a few stay on this thread, many go to workers.
 * @param rows `[n, width]`, n and width 1 or more; they are copied.
 * @param workers how many share them, at most one for each block; one stands for this thread.
 */
export async function openRowProducts(rows: Tensor, workers: number = workersFor(rows)): Promise<RowProducts> {
  const parts = Math.min(workers, Math.ceil(rows.shape[0] / ROWS_A_BLOCK));
  return parts === 1 ? new OnThisThread(rows) : await OnWorkers.open(rows, parts);
}

/** As many as there are cores where that is worth it, and as many as it takes to hold the rows. */
function workersFor({ shape, data }: Tensor): number {
  const cores = data.length < WORTH_WORKERS ? 1 : availableParallelism();
  return Math.max(cores, Math.ceil(HeldRows.bytes(shape) / MOST_BYTES));
}

class OnThisThread implements RowProducts {
  readonly #rows: HeldRows;

  constructor(rows: Tensor) {
    this.#rows = new HeldRows(rows);
  }

  times(columns: readonly Float64Array[]): Promise<readonly Float64Array[]> {
    return Promise.resolve(this.#rows.times(columns));
  }

  transposed(coefficients: readonly Float64Array[]): Promise<readonly Float64Array[]> {
    return Promise.resolve(added(this.#rows.transposed(coefficients)));
  }

  close(): void {}
}

/** Some of the rows, whole blocks of them, on a worker. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly worker: WorkerConversation<RowsRequest, RowsReply>;
}

class OnWorkers implements RowProducts {
  readonly #count: number;
  readonly #parts: readonly Part[];

  private constructor(count: number, parts: readonly Part[]) {
    this.#count = count;
    this.#parts = parts;
  }

  static async open({ shape: [count, width], data }: Tensor, parts: number): Promise<OnWorkers> {
    const blocks = Math.ceil(count / ROWS_A_BLOCK);
    const bounds = Array.from({ length: parts + 1 }, (_, k) => {
      return Math.min(Math.round(k * blocks / parts) * ROWS_A_BLOCK, count);
    });
    const products = new OnWorkers(
      count,
      bounds.slice(1).map((end, k) => ({
        start: bounds[k],
        end,
        worker: new WorkerConversation(new URL("./rows_worker.ts", import.meta.url), "rows by columns"),
      })),
    );
    try {
      for (const { start, end, worker } of products.#parts) {
        const rows = { shape: [end - start, width], data: data.slice(start * width, end * width) };
        // One after another, so that no more than one part waits to be copied once more.
        await worker.ask("hold", { kind: "hold", rows }, "held", [rows.data.buffer]);
      }
      return products;
    } catch (error) {
      products.close();
      throw error;
    }
  }

  async times(columns: readonly Float64Array[]): Promise<readonly Float64Array[]> {
    const products = columns.map(() => new Float64Array(this.#count));
    await Promise.all(this.#parts.map(async ({ start, worker }) => {
      const reply = await worker.ask("take", { kind: "times", columns }, "products");
      for (const [k, part] of reply.products.entries()) products[k].set(part, start);
    }));
    return products;
  }

  async transposed(coefficients: readonly Float64Array[]): Promise<readonly Float64Array[]> {
    const blocks = await Promise.all(this.#parts.map(async ({ start, end, worker }) => {
      const request = { kind: "transposed", coefficients: coefficients.map((all) => all.slice(start, end)) } as const;
      return (await worker.ask("take", request, "blocks")).blocks;
    }));
    return added(blocks.flat());
  }

  close(): void {
    for (const { worker } of this.#parts) worker.close();
  }
}

/** The blocks' sums added up, in their order. */
function added([first, ...others]: readonly (readonly Float64Array[])[]): readonly Float64Array[] {
  for (const block of others) {
    for (const [k, sums] of block.entries()) {
      const total = first[k];
      for (let j = 0; j < total.length; j++) total[j] += sums[j];
    }
  }
  return first;
}
