import { join } from "@std/path";
import { assertEquals } from "@std/assert";

/** Where Debian puts daemons, for whoever has it not on the path. */
const SBIN = "/usr/sbin:/usr/local/sbin";

/** The nodes, which are this machine twice; each takes one job at a time. */
export const NODES = ["a", "b"] as const;

const LEAST_WAIT_MILLISECONDS = 2000;

const PATIENCE_MILLISECONDS = 20_000;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const PATH = `${Deno.env.get("PATH")}:${SBIN}`;

async function isThere(program: string): Promise<boolean> {
  for (const folder of PATH.split(":")) {
    if (await Deno.stat(join(folder, program)).then(({ isFile }) => isFile, () => false)) return true;
  }
  return false;
}

/** Why no Slurm can be started here, for a test's name; `""` where one can. */
export async function noSlurm(): Promise<string> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return " (ignored: a Slurm of the test's own takes root on Linux)";
  for (const program of ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"]) {
    if (!await isThere(program)) return ` (ignored: there is no program ${program}; Debian has it in slurm-wlm, munge)`;
  }
  return "";
}

/** A port of this machine that nobody uses. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A Slurm of a test's own, in a folder and on ports of its own, with two nodes that are this machine. */
export class Cluster implements AsyncDisposable {
  readonly #daemons: Deno.ChildProcess[] = [];
  /** Since when jobs have waited to begin again. */
  readonly #waiting = new Map<string, number>();

  private constructor(readonly folder: string) {}

  static async start(folder: string): Promise<Cluster> {
    const cluster = new Cluster(folder);
    // The daemons' own programs have to find what is in it.
    await Deno.chmod(folder, 0o755);
    for (const name of ["state", "munge", ...NODES]) await Deno.mkdir(join(folder, name), { mode: 0o755 });
    await Deno.writeFile(join(folder, "munge/key"), crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o600 });
    await Deno.writeTextFile(join(folder, "slurm.conf"), cluster.#settings());
    const at = (name: string) => join(folder, "munge", name);
    cluster.#daemon("munged", "--foreground", `--key-file=${at("key")}`, `--socket=${at("socket")}`, ...[
      `--pid-file=${at("pid")}`,
      `--log-file=${at("log")}`,
      `--seed-file=${at("seed")}`,
    ]);
    await cluster.until("munged listens", () => Deno.stat(at("socket")).then(() => true, () => false));
    cluster.#daemon("slurmctld", "-D", "-c");
    for (const node of NODES) cluster.#daemon("slurmd", "-D", "-N", node);
    await cluster.until("the nodes are idle", async () => {
      const { code, stdout } = await cluster.#call("sinfo", "--noheader", "--Node", "--format=%T");
      return code === 0 && stdout.trim().split("\n").every((state) => state === "idle");
    });
    return cluster;
  }

  /** What commands need in their environment to find it. */
  get env(): Record<string, string> {
    return { SLURM_CONF: join(this.folder, "slurm.conf") };
  }

  /** Runs one of Slurm's own commands, which must end well. */
  async do(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#call(...words);
    assertEquals(code, 0, `${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** The jobs that are not over, by number: `JOB_TASK` for those of an array. */
  async jobs(): Promise<Map<string, { readonly state: string; readonly node: string; readonly reason: string }>> {
    const lines = (await this.do("squeue", "--noheader", "--array", "--format=%i %T %r %N")).split("\n");
    return new Map(
      lines.filter((line) => line !== "").map((line) => {
        const [job, state, reason, node = ""] = line.trim().split(" ");
        return [job, { state, node, reason }];
      }),
    );
  }

  /**
   * Lets jobs begin that were put back into the queue: Slurm has them wait for two minutes. Not at once: what ends of an
   * earlier try would be taken for the end of the next.
   */
  async hurry(): Promise<void> {
    for (const [job, { state, reason }] of await this.jobs()) {
      if (state !== "PENDING" || reason !== "BeginTime") {
        this.#waiting.delete(job);
        continue;
      }
      const since = this.#waiting.get(job) ?? Date.now();
      this.#waiting.set(job, since);
      if (Date.now() - since < LEAST_WAIT_MILLISECONDS) continue;
      // It may have begun by itself.
      await this.#call("scontrol", "update", `JobId=${job}`, "StartTime=now");
    }
  }

  /** Waits for something, and lets jobs begin on the way. */
  async until(what: string, holds: () => Promise<boolean>, milliseconds = PATIENCE_MILLISECONDS): Promise<void> {
    for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await pause(100)) if (await holds()) return;
    throw new Error(
      `Cannot go on: expected that ${what}, got ${await this.#call("squeue").then(({ stdout }) => stdout)}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#call("scancel", "--user=root");
    for (const daemon of this.#daemons.toReversed()) {
      try {
        daemon.kill("SIGTERM");
      } catch (thrown) {
        // It may have ended.
        if (!(thrown instanceof TypeError)) throw thrown;
      }
      await daemon.status;
    }
  }

  #daemon(program: string, ...args: string[]): void {
    const env = { ...this.env, PATH };
    this.#daemons.push(new Deno.Command(program, { args, env, stdin: "null", stdout: "null", stderr: "null" }).spawn());
  }

  async #call(...[program, ...args]: string[]) {
    const { code, stdout, stderr } = await new Deno.Command(program, { args, env: { ...this.env, PATH } }).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  }

  #settings(): string {
    const { folder } = this;
    const host = Deno.hostname();
    const nodes = NODES.map((node) =>
      `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${freePort()} CPUs=1 State=UNKNOWN`
    );
    return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${freePort()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
MpiDefault=none
KillWait=2
ReturnToService=2
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
${nodes.join("\n")}
PartitionName=all Nodes=ALL Default=YES State=UP
`;
  }
}
