import { RunKnowledge } from "./pipeline/knowledge/run_knowledge.ts";
import { RunContext } from "./pipeline/runner/run_context.ts";
import { openRun } from "./pipeline/commands/runs/open_run.ts";
const config = await openRun(Deno.args[0]);
const context = await RunContext.open(config, {isTerminal:false, write(){}}, new AbortController().signal);
const k = new RunKnowledge(context);
const t = async <R>(name: string, f: () => Promise<R>) => { const s = performance.now(); const r = await f(); console.log(name.padEnd(40), (performance.now()-s).toFixed(1), "ms"); return r; };
const q = await t("queue first", () => k.queue({offset:0,limit:50}));
for (let i=0;i<3;i++) await t("queue again", () => k.queue({offset:0,limit:50}));
console.log(q.all, q.counts);
const ids = q.items.map(i=>i.id);
await t("50 thumbnails, made", () => Promise.all(ids.map(id => k.thumbnail("train", id))));
await t("50 thumbnails, again", () => Promise.all(ids.map(id => k.thumbnail("train", id))));
const k2 = new RunKnowledge(context);
await t("50 thumbnails, next process", () => Promise.all(ids.map(id => k2.thumbnail("train", id))));
await t("nearest first", () => k.nearest("train", ids[0]));
for (let i=0;i<3;i++) await t("nearest again", () => k.nearest("train", ids[i]));
await t("evidence first", () => k.evidence("train", ids[0]));
for (let i=0;i<4;i++) await t("evidence again", () => k.evidence("train", ids[i]));
await t("predictions", () => k.predictions({order:"doubt",offset:0,limit:50}) as Promise<unknown>);
await t("duplicates", () => k.duplicates({offset:0,limit:50}));
const bytes = await (await context.photos("test")).read("1.jpg").catch(async () => (await (await context.photos("test")).read((await (await context.photos("test")).list())[0].id)));
for (let i=0;i<4;i++) await t("tryPicture", () => k.tryPicture(bytes, "x"));
await t("figures", () => k.figures());
for (let i=0;i<3;i++) { await t("decide", () => k.decide([{id: ids[i], word: "drop"}])); }
for (let i=0;i<3;i++) { await t("undo", () => k.undo()); }
console.log(Deno.memoryUsage().rss/1e6 | 0, "MB rss");
await k.close(); await k2.close(); await context.close();
