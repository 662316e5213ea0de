// Promise: a run is at home in the tools that others track theirs with. What arrives is held against what those tools take, twice sends nothing
// new, and a tool that is away changes neither the run nor its exit code.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startFakeLlm } from "../fake-llm.ts";
import { withMlflow } from "../services/mlflow-fake.ts";
import { attributesOf, startCollector } from "../services/otlp-collector.ts";
import { commandsUnder } from "./documented.ts";
import { begun, gatedExperiment, removeLive } from "./live-project.ts";
import { ended, type Project, projectOf } from "./project.ts";

const readers = fileURLToPath(new URL("../readers", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).error === undefined;
if (!hasPython && process.env.CI === "true") throw new Error("needs python3");

const story = "once ".repeat(1300);

const experiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
export default defineExperiment({
  name: "brew",
  question: "Does a longer wait make better tea?",
  parameters: { minutes: sweep([1, 3]), leaf: "green/oolong", story: ${JSON.stringify(story)} },
  replicates: replicate(6, { seed: 4 }),
  metrics: { taste: metric.number({ unit: "points" }), strong: metric.boolean(), colour: metric.category(["gold", "brown"]) },
  series: { steep: z.object({ second: z.int(), "°C": z.number(), note: z.string() }) },
  async trial({ parameters: { minutes }, replicate: { index }, random, record, artifact }) {
    if (minutes === 3 && index === 5) throw new Error("the kettle is broken");
    for (let second = 0; second < 500; second += 1)
      record("steep", { second, "°C": 90 - second / 10, note: "warm" });
    if (index === 0) await artifact("notes/tea.txt", "hot");
    return { taste: minutes + random.normal(0, 0.5), strong: minutes > 2, colour: minutes > 2 ? "brown" : "gold" };
  },
  analyses: ({ compare }) => [compare("taste", { across: "minutes" })],
});
`;

const config = (tracking: string): string => `import { defineConfig } from "labwright/config";
import { mlflow, otel } from "labwright/tracking";
void [mlflow, otel];
export default defineConfig({ tracking: [${tracking}] });
`;

let brewed: Project | null = null;

/** A run that several tests look at: 12 trials, one of which failed. */
function brew(): Project {
  if (brewed !== null) return brewed;
  const project = projectOf({ "brew.experiment.ts": experiment });
  brewed = project;
  const run = project.lab("run");
  assert.is(run.code, 3, run.all);
  return project;
}

test.after(() => brewed?.remove());

const keyTag = "labwright.trial";

test("lab sync mlflow: a run an experiment with means and report, one a trial below it; twice sends nothing new", async () => {
  await withMlflow(async (fake) => {
    const project = brew();
    const first = await ended(
      project.start(["sync", "mlflow", "latest", "--uri", fake.url, "--json"], {
        MLFLOW_TRACKING_TOKEN: "a-long-token",
      }),
    );
    assert.is(first.code, 0, first.all);
    const [told] = JSON.parse(first.stdout).experiments;
    assert.equal(told.trials, { planned: 12, sent: 12, unchanged: 0, left: 0 });
    assert.equal(fake.refusals, []);
    assert.equal([...fake.experiments.values()], ["brew"]);
    assert.ok(fake.requests.every(({ authorization }) => authorization === "Bearer a-long-token"));

    const [parent, ...children] = fake.runs;
    assert.is(parent!.id, told.run);
    assert.is(parent!.status, "FINISHED");
    const metricsOf = ({ metrics }: (typeof fake.runs)[number], key: string) =>
      [...metrics.values()].filter((metric) => metric.key === key);
    const [mean] = metricsOf(parent!, "taste.mean/minutes 1");
    assert.ok(Math.abs(Number(mean!.value) - 1) < 1);
    assert.is(metricsOf(parent!, "taste.n/minutes 3")[0]!.value, 5);
    assert.is(metricsOf(parent!, "strong.mean/minutes 3")[0]!.value, 1);
    const below = `1/${parent!.id}/artifacts/`;
    for (const name of ["report/report.html", "report/report.json", "report/report.csv", "conditions.json"])
      assert.ok(fake.files.has(below + name), name);
    assert.ok([...fake.files.keys()].some((name) => /report\/charts\/.*\.png$/.test(name)));
    const table = JSON.parse(fake.files.get(`${below}conditions.json`)!.toString());
    assert.equal(table.columns, ["metric", "condition", "minutes", "n", "mean", "sd", "low", "high"]);

    assert.is(children.length, 12);
    assert.ok(children.every(({ tags }) => tags.get("mlflow.parentRunId") === parent!.id));
    const failed = children.filter(({ status }) => status === "FAILED");
    assert.is(failed.length, 1);
    assert.match(failed[0]!.tags.get("labwright.error")!, /thrown: the kettle is broken/);
    const trial = children.find(
      ({ tags, params }) => tags.has(keyTag) && params.get("labwright.replicate") === "0",
    )!;
    assert.is(trial.params.get("leaf"), "green/oolong");
    assert.match(trial.params.get("story")!, /^6500 characters, in parameters\/story\.txt$/);
    const own = `1/${trial.id}/artifacts/`;
    assert.is(fake.files.get(`${own}parameters/story.txt`)!.toString(), story);
    assert.is(fake.files.get(`${own}artifacts/notes/tea.txt`)!.toString(), "hot");
    const curve = metricsOf(trial, "steep.rows/_ub0_C");
    assert.is(curve.length, 200, "a series is thinned");
    assert.equal([curve[0]!.step, curve.at(-1)!.step], [0, 499]);
    assert.is(trial.tags.get("labwright.series.steep"), "200 of 500 rows, evenly spaced");
    assert.match(trial.tags.get("labwright.metric.colour")!, /gold|brown/);

    const before = fake.requests.length;
    const again = await ended(project.start(["sync", "mlflow", "--uri", fake.url]));
    assert.is(again.code, 0, again.all);
    assert.match(again.stdout, /^brew: run \w+ of http:.*: 0 trials sent, 12 there already$/m);
    const sent = fake.requests.slice(before).map(({ what }) => what);
    assert.equal([...new Set(sent)].toSorted(), ["GET experiments/get-by-name", "POST runs/search"]);
    const here = { "http://127.0.0.1:5000": fake.url, r0007: "r0001" };
    for (const words of commandsUnder("docs/integrations.md", "MLflow", here)) {
      const { code, all } = await ended(project.start(words, { MLFLOW_TRACKING_URI: fake.url }));
      assert.is(code, 0, all);
    }
  });
});

test("a server that goes away in the middle keeps what it has, and the same command sends the rest", async () => {
  await withMlflow(async (fake) => {
    const project = brew();
    fake.fault = (_, index) =>
      index >= 25 ? { status: 503, retryAfter: "0" } : index % 7 === 3 ? "lost" : null;
    const cut = project.start(["sync", "mlflow", "--uri", fake.url, "--trials", "9"]);
    const first = await ended(cut);
    assert.is(first.code, 2, first.all);
    assert.match(first.stderr, /says 503; \d+ trials were sent before/);
    assert.match(first.stderr, /the same command goes on from there/);
    fake.fault = () => null;
    const second = await ended(project.start(["sync", "mlflow", "--uri", fake.url, "--trials", "9"]));
    assert.is(second.code, 0, second.all);
    assert.match(second.stdout, /3 without a run of their own/);
    const trials = fake.runs.map(({ tags }) => tags.get(keyTag) ?? "parent");
    assert.is(trials.length, 10);
    assert.is(new Set(trials).size, 10, "none twice");
    const all = await ended(project.start(["sync", "mlflow", "--uri", fake.url, "--all"]));
    assert.match(all.stdout, /3 trials sent, 9 there already$/m);
    assert.equal(fake.refusals, []);
  }, "s3://bucket/mlruns");
});

test("what names no server, no tracker or no address is told so in one line", () => {
  const project = brew();
  const unnamed = project.lab("sync", "mlflow");
  assert.is(unnamed.code, 2);
  assert.match(unnamed.stderr, /no MLflow server is named[\s\S]*--uri/);
  assert.match(project.lab("sync", "mlfow").stderr, /"mlfow" is no tracker[\s\S]*mlflow/);
  assert.match(project.lab("sync", "mlflow", "--uri", "ftp://ada:secret@x").stderr, /none: ftp:\/\/x/);
});

test("tracking: [mlflow()] shows trials while a run goes on and the report at its end; a dead server harms nothing", async () => {
  await withMlflow(async (fake) => {
    const project = projectOf({
      "gated.experiment.ts": gatedExperiment("gated"),
      "lab.config.ts": config(`mlflow({ uri: "${fake.url}" })`),
    });
    try {
      const run = begun(project);
      await run.until(({ type }) => type === "run-started");
      project.write("open-a", "");
      await until(() => fake.runs.some(({ tags, status }) => tags.has(keyTag) && status === "FINISHED"));
      const [parent] = fake.runs;
      assert.is(parent!.status, "RUNNING");
      project.write("open", "");
      const end = await run.end;
      assert.is(end.code, 0, end.all);
      assert.is(parent!.status, "FINISHED");
      assert.is(fake.runs.length, 41);
      assert.ok([...parent!.metrics.values()].some(({ key }) => key === "labwright.done"));
      assert.ok(fake.files.has(`1/${parent!.id}/artifacts/report/report.html`));
      assert.equal(fake.refusals, []);
      const again = await ended(project.start(["sync", "mlflow"]));
      assert.match(again.stdout, /0 trials sent, 40 there already/, again.all);

      await fake.close();
      const dead = project.lab("run", "--force");
      assert.is(dead.code, 0, dead.all);
      assert.match(
        dead.stderr,
        /warning: mlflow: not all of \S+ was sent: .* cannot be reached; `lab sync mlflow \S+` sends/,
      );
      project.write("lab.config.ts", config("mlflow"));
      assert.match(
        project.lab("run").stderr,
        /`tracking\[0\]` of lab\.config\.ts is a function[\s\S]*mlflow\(\)/,
      );
      project.write("lab.config.ts", config("mlflow({ trials: 0.5 })"));
      assert.match(project.lab("run").stderr, /tracking\[0\].*mlflow: `trials` is 0\.5/);
    } finally {
      removeLive(project);
    }
  });
});

/** What a reader of runtime/testing/readers, a program without the tool's own code, finds in a folder. */
function readBack(reader: string, folder: string): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync("python3", [join(readers, `${reader}.py`), folder], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout);
}

interface Row {
  readonly trial: string;
  readonly minutes: number;
  readonly replicate: number;
  readonly taste: number;
  readonly strong: boolean;
  readonly colour: string;
}

const rowsOf = (project: Project): Row[] => JSON.parse(project.lab("export", "json", "brew").stdout);

test("lab export tensorboard: event files that another reader finds scalars, texts and HParams in", () => {
  if (!hasPython) return console.log("skipped: needs python3");
  const project = brew();
  const ran = project.lab("export", "tensorboard", "-o", "boards");
  assert.is(ran.code, 0, ran.all);
  assert.match(ran.stdout, /12 trials written to boards/);
  const runs = readBack("tensorboard", project.path("boards")) as Record<string, Board>;
  assert.is(Object.keys(runs).length, 13);
  assert.equal(runs.brew!.hparams["_hparams_/experiment"], {
    name: "brew",
    parameters: { minutes: [1, 3] },
    metrics: ["taste", "strong"],
  });
  for (const { trial, minutes, replicate, taste, strong, colour } of rowsOf(project)) {
    const board = runs[`brew/minutes=${minutes}/r${replicate}-${trial.slice(0, 8)}`]!;
    const session = board.hparams["_hparams_/session_start_info"]!;
    assert.is(session.group, `minutes=${minutes}`);
    assert.is((session.values as Record<string, unknown>).minutes, minutes);
    const isMeasured = taste !== null;
    assert.is(board.hparams["_hparams_/session_end_info"]!.status, isMeasured ? 1 : 2);
    if (!isMeasured) continue;
    assert.equal(board.scalars.taste, [[0, Math.fround(taste)]]);
    assert.equal(board.scalars.strong, [[0, strong ? 1 : 0]]);
    assert.is(board.texts["colour/text_summary"], colour);
    const curve = board.scalars["steep/°C"]!;
    assert.is(curve.length, 500);
    assert.equal(curve[499], [499, Math.fround(90 - 49.9)]);
  }
});

interface Board {
  readonly scalars: Record<string, [step: number, value: number][]>;
  readonly texts: Record<string, string>;
  readonly hparams: Record<string, Record<string, unknown>>;
}

test("lab export wandb: offline runs that another reader finds whole; again writes the same runs", () => {
  if (!hasPython) return console.log("skipped: needs python3");
  const project = brew();
  const ran = project.lab("export", "wandb", "brew", "-o", "runs", "--trials", "12");
  assert.is(ran.code, 0, ran.all);
  const runs = Object.values(readBack("wandb", project.path("runs"))) as WandbRun[];
  assert.is(runs.length, 12);
  for (const { trial, minutes, replicate, taste, strong, colour } of rowsOf(project)) {
    const run = runs.find(({ config }) => config.labwright.trial === trial)!;
    assert.equal([run.project, run.name], ["brew", `minutes=${minutes} r${replicate}`]);
    assert.equal([run.config.minutes, run.config.leaf, run.config.story], [minutes, "green/oolong", story]);
    const isMeasured = taste !== null;
    assert.is(run.exit, isMeasured ? 0 : 1);
    assert.equal(run.files, replicate === 0 ? ["notes/tea.txt"] : []);
    if (!isMeasured) {
      assert.match(String(run.summary["labwright/error"]), /the kettle is broken/);
      continue;
    }
    const { taste: told, strong: isStrong, colour: hue } = run.summary;
    assert.equal([told, isStrong, hue], [taste, strong ? 1 : 0, colour]);
    assert.equal(
      run.order.filter((kind) => kind !== "files"),
      ["header", "run", "history", "summary", "exit", "footer"],
    );
    assert.is(run.history.length, 500);
    const last = run.history.at(-1)!;
    assert.equal([last["steep/°C"], last._step, last.step, last.row], [90 - 49.9, 499, 499, 499]);
  }
  project.lab("export", "wandb", "brew", "-o", "runs", "--trials", "3");
  assert.is(Object.keys(readBack("wandb", project.path("runs"))).length, 12);
  assert.match(project.lab("export", "wandb").stderr, /standard output is not[\s\S]*-o wandb/);
  assert.match(project.lab("export", "csv", "--all").stderr, /--all are for tensorboard and wandb/);
});

interface WandbRun {
  readonly order: string[];
  readonly project: string;
  readonly name: string;
  readonly config: Record<string, unknown> & { readonly labwright: { readonly trial: string } };
  readonly history: Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  readonly files: string[];
  readonly exit: number;
}

test("tracking: [otel()] sends a run as a trace with its trials, failures and counts; again it is linked; a dead collector harms nothing", async () => {
  const collector = await startCollector();
  const project = projectOf({
    "brew.experiment.ts": experiment,
    "lab.config.ts": config("otel({ trials: 10 })"),
  });
  try {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=a-long-secret",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=test",
    };
    const run = await ended(project.start(["run"], environment));
    assert.is(run.code, 3, run.all);
    assert.not.match(run.all, /otel|a-long-secret/);
    const named = (name: string) => collector.spans.filter((span) => span.name === name);
    const [root] = named("labwright run");
    const [job] = named("brew trial").filter(({ parentSpanId }) => parentSpanId === root!.spanId);
    const trials = collector.spans.filter(({ parentSpanId }) => parentSpanId === job!.spanId);
    assert.is(collector.spans.length, 12);
    assert.is(trials.length, 10, "the first planned trials have spans");
    for (const span of collector.spans) {
      assert.match(span.traceId, /^[0-9a-f]{32}$/);
      assert.is(span.traceId, root!.traceId);
      assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
    }
    const told = attributesOf(root!);
    assert.equal([told["labwright.trials.done"], told["labwright.trials.failed"]], [12, 1]);
    assert.is(root!.status.code, 1);
    const trial = attributesOf(trials[0]!);
    assert.equal(
      [trial["labwright.parameter.minutes"], trial["labwright.parameter.leaf"]],
      ["1", "green/oolong"],
    );
    assert.type(trial["labwright.metric.taste"], "number");
    assert.match(
      JSON.stringify(job!.events),
      /the kettle is broken/,
      "a failure beyond the first trials is an event",
    );
    assert.equal([...collector.services], ["labwright"]);
    assert.ok(collector.headers.every((headers) => headers["x-key"] === "a-long-secret"));
    const done = collector.metrics.filter(({ name }) => name === "labwright.trials.done").at(-1);
    assert.is(Number(done!.sum!.dataPoints[0]!.asDouble ?? done!.sum!.dataPoints[0]!.asInt), 12);

    collector.spans.length = 0;
    const again = await ended(project.start(["run", "--retry-errors", "--retry", "1"], environment));
    assert.is(again.code, 3, again.all);
    const failed = collector.spans.find(
      ({ name, parentSpanId }) => name === "labwright run" && parentSpanId === undefined,
    );
    assert.ok(failed !== undefined);

    await collector.close();
    const dead = await ended(project.start(["run", "--force"], environment));
    assert.is(dead.code, 3, dead.all);
    assert.is(dead.stderr.match(/warning: otel: /g)?.length, 2, dead.all);
    assert.match(
      dead.stderr,
      /warning: otel: the collector lacks \d+ of \d+ spans and the counts at the end/,
    );
  } finally {
    await collector.close();
    project.remove();
  }
});

const asking = `import { chat, defineExperiment, env, metric, replicate, sweep } from "labwright";
export default defineExperiment({
  name: "guess",
  parameters: { tone: sweep(["kind", "curt"]) },
  replicates: replicate(3, { seed: 3 }),
  metrics: { length: metric.integer() },
  effects: { ask: chat({ endpoint: env("LLM_URL"), model: "tiny", price: { prompt: 2, completion: 10 } }) },
  async trial({ parameters: { tone }, replicate: { index }, effects }) {
    const { text } = await effects.ask("question", { messages: [{ role: "user", content: \`\${tone} \${index}\` }] });
    return { length: text.length };
  },
});
`;

test("calls, tokens and cost of trials that ask a model are counted on their spans and as metrics, as the run's own account has them", async () => {
  const collector = await startCollector();
  const model = await startFakeLlm({ answer: ({ prompt }) => `you said ${prompt}` });
  const project = projectOf({ "guess.experiment.ts": asking, "lab.config.ts": config("otel()") });
  try {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LLM_URL: model.endpoint };
    const run = await ended(project.start(["run", "--yes"], environment));
    assert.is(run.code, 0, run.all);
    const spans = collector.spans.filter(({ name, attributes }) => {
      const isTrial = attributes.some(({ key }) => key === "labwright.replicate");
      return name === "guess trial" && isTrial;
    });
    assert.is(spans.length, 6);
    const onSpans = ["labwright.calls", "labwright.tokens", "labwright.cost_usd"].map((name) =>
      spans.reduce((sum, span) => sum + Number(attributesOf(span)[name]), 0),
    );
    const counted = ["labwright.calls", "labwright.tokens", "labwright.cost"].map((name) => {
      const point = collector.metrics.filter((metric) => metric.name === name).at(-1)!.sum!.dataPoints[0]!;
      return Number(point.asDouble ?? point.asInt);
    });
    const [row] = JSON.parse(
      project.lab(
        "query",
        "select sum(telemetry_calls) as calls, sum(telemetry_promptTokens) as prompt, sum(telemetry_completionTokens) as completion, sum(telemetry_costUsd) as usd from trials",
        "--json",
      ).stdout,
    );
    const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-12;
    assert.is(row.calls, 6);
    for (const [calls, tokens, usd] of [onSpans, counted]) {
      assert.equal([calls, tokens], [row.calls, row.prompt + row.completion]);
      assert.ok(near(usd!, row.usd) && usd! > 0, `${usd} ${row.usd}`);
    }
  } finally {
    await collector.close();
    await model.close();
    project.remove();
  }
});

/** Polls: what is waited for happens in another process. */
async function until(is: () => boolean): Promise<void> {
  for (let tries = 0; !is(); tries += 1) {
    if (tries > 600) throw new Error("it has not happened in a minute");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test.run();
