// Promise: `lab run --folder` keeps one folder a series: a status file that is valid and up to date at any time, and a folder an arm with its
// configuration, trials and statistics; failures stop nothing, Ctrl-C is clean, and `--resume` skips what is completed and tries the rest.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { ended, projectOf } from "./project.ts";

/** After the first replicate trials wait for the file `gate`; one trial fails until there is a file `model`. */
const project = projectOf({
  "games.experiment.ts": `
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "games",
  parameters: {
    game: sweep(["Prisoners_Dilemma", "Ultimatum_Game"]),
    model: sweep(["meta-llama/Llama-3.1-8B-Instruct", "small"]),
    gate: "gate",
    file: "model",
  },
  replicates: replicate(3, { seed: 1 }),
  metrics: { points: metric.number({ unit: "points" }), isFair: metric.boolean() },
  async trial({ parameters: { game, model, gate, file }, replicate: { index }, random }) {
    // lab-allow file-in-trial: it decides when the trial ends, not with what
    while (index > 0 && !existsSync(gate)) await wait(20);
    // lab-allow file-in-trial: a fault that is mended from outside
    if (game === "Ultimatum_Game" && model === "small" && index === 1 && !existsSync(file)) throw new Error("no such model");
    return { points: random.float(), isFair: random.boolean(0.5) };
  },
});
`,
});
test.after(() => project.remove());

const set = ["-S", `gate=${project.path("gate")}`, "-S", `file=${project.path("model")}`];
const run = ["run", "games", "--name", "pilot", "--folder", "results", "-j", "1", ...set];

interface Entry {
  readonly status: string;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly error: string | null;
  readonly output_dir: string | null;
  readonly exp_id: string;
}

/** The only series' folder; null before there is one. */
function seriesFolder(): string | null {
  const folder = project.path("results");
  const series = existsSync(folder) ? readdirSync(folder) : [];
  assert.ok(series.length <= 1, `one folder a series, not ${series}`);
  return series[0] === undefined ? null : join("results", series[0]);
}

/** Every reading has to be whole. */
function entries(): Readonly<Record<string, Entry>> {
  const folder = seriesFolder();
  const path = project.path(folder ?? "", "experiment_report.json");
  if (folder === null || !existsSync(path)) return {};
  const report = JSON.parse(readFileSync(path, "utf8"));
  assert.equal(Object.keys(report), ["last_updated", "experiments"]);
  assert.ok(Number.isFinite(Date.parse(report.last_updated)));
  return report.experiments;
}

const statuses = (): readonly string[] => Object.values(entries()).map(({ status }) => status);

test("the status file is whole and up to date while the run goes on, and after Ctrl-C nothing in it runs", async () => {
  const child = project.start(run);
  const end = ended(child);
  while (!statuses().includes("running") || statuses().length < 4 || !existsSync(project.path(".lab"))) {
    assert.is(child.exitCode, null, "the run ended before its status was seen");
    await wait(10);
  }
  const [first] = Object.values(entries());
  assert.equal(Object.keys(first!), [
    "game_name",
    "model_name",
    "status",
    "start_time",
    "end_time",
    "error",
    "output_dir",
    "exp_id",
  ]);
  assert.ok(
    existsSync(project.path(first!.output_dir!, "exp_config.yaml")),
    "an arm that runs has its configuration",
  );
  child.kill("SIGINT");
  project.write("gate", "");
  assert.is((await end).code, 130);
  assert.not(statuses().includes("running"));
  assert.ok(statuses().includes("pending"));
});

test("an arm that fails says why and stops no other; files of each arm are those of lab export", () => {
  const { code, all } = project.lab(...run);
  assert.is(code, 3, all);
  const now = entries();
  assert.equal(Object.keys(now), [
    "Prisoners_Dilemma_Llama-3.1-8B-Instruct",
    "Prisoners_Dilemma_small",
    "Ultimatum_Game_Llama-3.1-8B-Instruct",
    "Ultimatum_Game_small",
  ]);
  assert.equal(statuses(), ["completed", "completed", "completed", "failed"]);
  const bad = now.Ultimatum_Game_small!;
  assert.is(bad.error, "1 of 3 trials failed; first: failed (thrown): no such model");
  assert.ok(bad.start_time! <= bad.end_time!);
  assert.match(bad.output_dir!, /^results\/pilot_\d{8}_\d{6}\/Ultimatum_Game_small_\d{8}_\d{6}$/);
  assert.equal(readdirSync(project.path(bad.output_dir!)).sort(), [
    "exp_config.yaml",
    "exp_results.csv",
    "exp_results.json",
    "stats_analysis.json",
  ]);
  const [head, ...rows] = project.lab("export", "csv", "games").stdout.split("\n");
  const own = rows.filter((row) => row.includes(",Ultimatum_Game,small,"));
  assert.is(own.length, 3);
  assert.is(project.read(`${bad.output_dir}/exp_results.csv`), [head, ...own, ""].join("\n"));
  const all_ = JSON.parse(project.lab("export", "json", "games").stdout) as readonly {
    readonly condition: number;
  }[];
  assert.equal(
    JSON.parse(project.read(`${bad.output_dir}/exp_results.json`)),
    all_.filter(({ condition }) => condition === 3),
  );
  const config = parse(project.read(`${bad.output_dir}/exp_config.yaml`));
  assert.is(config.parameters.model, "small");
  assert.is(config.series, "pilot");
});

test("--resume tries again what has failed, and nothing else, in the same folder", () => {
  const other = project.lab(...run.map((each) => (each === "pilot" ? "pilto" : each)), "--resume");
  assert.is(other.code, 2);
  assert.match(other.all, /no run is called "pilto"[\s\S]*pilot/);
  project.write("model", "");
  const before = entries();
  const { code, all } = project.lab(...run, "--resume");
  assert.is(code, 0, all);
  assert.match(all, /1 run, 11 reused/);
  assert.equal(statuses(), Array(4).fill("completed"));
  const { Ultimatum_Game_small: mended, ...others } = entries();
  assert.is(mended!.output_dir, before.Ultimatum_Game_small!.output_dir);
  assert.is(mended!.error, null);
  for (const [id, entry] of Object.entries(others)) assert.equal(entry, before[id]);
  const statistics = JSON.parse(project.read(`${mended!.output_dir}/stats_analysis.json`));
  const query =
    "select avg(points) as mean, stddev(points) as sd from trials where game = 'Ultimatum_Game' and model = 'small'";
  const [{ mean, sd }] = JSON.parse(project.lab("query", query, "--json").stdout);
  assert.is(statistics.metrics.points.n, 3);
  assert.ok(Math.abs(statistics.metrics.points.mean - mean) < 1e-12);
  assert.ok(Math.abs(statistics.metrics.points.sd - sd) < 1e-12);
  assert.equal(statistics.outcomes, { measured: 3 });
  assert.match(project.lab(...run, "--resume").all, /0 run, 12 reused/);
  assert.is(project.lab("list", "--json").stdout.match(/"r0\d+-/g)?.length, 1, "one run, taken up again");
});

test("what an edited status file says of folders leads nowhere else; an export has the same arms", () => {
  const path = `${seriesFolder()}/experiment_report.json`;
  const report = project.read(path);
  project.write(
    path,
    report.replaceAll("/Ultimatum_Game_small_", "/../../../elsewhere/Ultimatum_Game_small_"),
  );
  const { code, all } = project.lab("export", "series-folder", "games", "-o", "results");
  assert.is(code, 0, all);
  assert.not(existsSync(project.path("elsewhere")));
  const strip = (text: string): unknown => JSON.parse(text).experiments;
  assert.equal(strip(project.read(path)), strip(report));
  const nowhere = project.lab("export", "series-folder");
  assert.is(nowhere.code, 2);
  assert.match(nowhere.all, /-o results/);
});

test.run();
