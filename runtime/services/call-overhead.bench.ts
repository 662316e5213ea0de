// What a call to a model costs beside the call itself: a trial of `lab run` that asks a server on the loopback interface, one after another and
// sixteen at a time, against bare fetch in a process of its own to the same server. Journal, limits and accounts are on. Needs dist/.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeLlm } from "../testing/fake-llm.ts";

const calls = 2000;
const widths = [1, 16];
const root = process.env.BENCH_ROOT ?? ".";
const lab = join(root, "dist/runtime/cli/lab.js");

const loop = `for (let done = 0; done < ${calls}; done += width)
    await Promise.all(Array.from({ length: width }, (_, i) => ask("call-" + (done + i), { messages: [{ role: "user", content: "price " + (done + i) }] })));`;

const experiment = `import { chat, defineExperiment, env, metric, replicate, sweep } from "labwright";
export default defineExperiment({
  name: "overhead",
  parameters: { width: sweep([${widths}]) },
  replicates: replicate(1, { seed: 1 }),
  metrics: { done: metric.integer() },
  effects: { ask: chat({ endpoint: env("LLM_URL"), model: "scripted", concurrency: 64, requestsPerMinute: 1_000_000 }) },
  async trial({ parameters: { width }, effects: { ask } }) {
    ${loop}
    return { done: ${calls} };
  },
});
`;

const bare = `const width = Number(process.argv[1]);
const ask = async (key, { messages }) => {
  const body = JSON.stringify({ model: "scripted", messages });
  const headers = { "content-type": "application/json", "idempotency-key": key + "-" + width };
  const answer = await fetch(process.env.LLM_URL + "/chat/completions", { method: "POST", headers, body });
  return answer.json();
};
const started = performance.now();
${loop}
console.log(performance.now() - started);
`;

async function output(args: readonly string[], cwd: string, endpoint: string): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, LLM_URL: endpoint },
  });
  let text = "";
  child.stdout.on("data", (bytes) => {
    text += bytes;
  });
  const code = await new Promise((done) => child.on("close", done));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with code ${code}`);
  return text;
}

const folder = mkdtempSync(join(tmpdir(), "labwright-overhead-"));
const server = await startFakeLlm({ answer: ({ prompt }) => JSON.stringify({ prompt }) });
try {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/labwright"), "dir");
  for (const name of ["zod", "@types"])
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "dir");
  cpSync(join(root, "runtime/testing/e2e/tsconfig.template.json"), join(folder, "tsconfig.json"));
  writeFileSync(join(folder, "package.json"), '{ "name": "overhead", "private": true, "type": "module" }\n');
  writeFileSync(join(folder, "overhead.experiment.ts"), experiment);
  await output([lab, "run", "-j", "1", "--quiet"], folder, server.endpoint);
  // A run of a known shape: one row a width.
  const rows = JSON.parse(await output([lab, "export", "json"], folder, server.endpoint)) as readonly {
    readonly width: number;
    readonly duration_ms: number;
  }[];
  const figures = [];
  for (const width of widths) {
    const alone = Number(
      await output(["--input-type=module", "-e", bare, String(width)], folder, server.endpoint),
    );
    const whole = rows.find((row) => row.width === width)!.duration_ms;
    const [withLab, without] = [whole / calls, alone / calls];
    figures.push({ width, msPerCall: withLab, bareMsPerCall: without, overheadMs: withLab - without });
    console.log(
      `${width} at a time: ${withLab.toFixed(3)} ms a call, bare fetch ${without.toFixed(3)} ms: ${(withLab - without).toFixed(3)} ms more, ${(withLab / without).toFixed(2)} times`,
    );
  }
  if (process.env.BENCH_OUT !== undefined)
    writeFileSync(process.env.BENCH_OUT, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
