// Promise: results leave for other programs and come back from them: SQLite and Arrow files, a PostgreSQL that many share.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import * as arrow from "apache-arrow";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { freePort } from "../services/ports.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../services/postgres.ts";
import { startS3 } from "../services/s3.ts";
import { commandsUnder } from "./documented.ts";
import { type Ended, ended, projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

const project = projectOf({ "walk.experiment.ts": walk });
let server: PostgresServer | null = null;
test.before(async () => {
  if (hasPostgres()) server = await startPostgres();
  assert.is(project.lab("run", "walk", "-q", "--replicates", "0,1").code, 0);
});
test.after(async () => {
  await server?.stop();
  project.remove();
});

/** With the server's password in its environment. */
function lab(...args: readonly string[]): Promise<Ended> {
  return ended(project.start(args, { PGPASSWORD: server?.password ?? "" }));
}

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, all } = await lab(...args);
  assert.is(code, 0, all);
  return stdout;
}

async function refused(words: RegExp, ...args: readonly string[]): Promise<void> {
  const { code, all } = await lab(...args);
  assert.is(code, 2, all);
  assert.match(all, words);
}

async function asked(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return JSON.parse(await done("query", "--from", server!.url, sql, "--json"));
}

test("a run leaves as an Arrow file and as a SQLite database", async () => {
  const rows = JSON.parse(await done("export", "json"));
  await done("export", "arrow", "-o", project.path("out.arrow"));
  const table = arrow.tableFromIPC(readFileSync(project.path("out.arrow")));
  assert.equal(
    [...table.getChild("trial")!],
    rows.map(({ trial }: { readonly trial: string }) => trial),
  );
  await done("export", "sqlite", "walk", "-o", project.path("out.sqlite"));
  const script =
    "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nprint(*c.execute('select (select count(*) from walk), (select count(*) from series_path), (select id from run)').fetchone())";
  const [trials, series, run] = execFileSync("python3", ["-c", script, project.path("out.sqlite")], {
    encoding: "utf8",
  }).split(" ");
  assert.is(Number(trials), rows.length);
  assert.ok(Number(series) > rows.length);
  assert.match(run ?? "", /^r0001-/);
  for (const words of [
    ["export", "csv"],
    ["archive", "walk"],
  ])
    await refused(/no folder .*gone\n/, ...words, "-o", project.path("gone/file"));
  await refused(/takes no --series/, "export", "sqlite", "--series", "path");
  await refused(/did you mean "?arrow|arrow/i, "export", "arow");
});

test("trials are pushed once, whoever pushes, and asked for in SQL", async () => {
  if (server === null) return;
  const [first, second] = await Promise.all([
    done("push", server.url, "--json"),
    done("push", server.url, "--json"),
  ]);
  const pushes = [first, second].map((text) => JSON.parse(text));
  const { trials } = pushes[0];
  assert.is(pushes[0].sent + pushes[1].sent, trials, "each trial was sent by one of the two");
  const again = JSON.parse(await done("push", server.url, "latest", "--json"));
  assert.equal([again.trials, again.sent, again.seriesRows], [trials, 0, 0]);
  // What is new is sent, what is there is not.
  await done("run", "walk", "-q");
  const grown = JSON.parse(await done("push", server.url, "--json"));
  assert.is(grown.sent, grown.trials - trials);

  const page = { "postgres://me@results.example.org/lab": server.url };
  for (const words of commandsUnder("docs/integrations.md", "PostgreSQL: one store for many", page))
    await done(...words);

  const here = JSON.parse(
    await done(
      "query",
      "select bias, count(*) n, avg(distance) mean from walk group by bias order by bias",
      "--json",
    ),
  );
  const there = await asked(
    "select bias, count(*) n, avg(distance) mean from walk group by bias order by bias",
  );
  assert.equal(there, here);
  const [rows] = await asked(
    "select count(*) n, count(distinct trial) trials, (select count(*) from runs) runs, (select count(*) from run_trials) links from series",
  );
  const [series] = JSON.parse(await done("query", "select count(*) n from series_path", "--json"));
  assert.equal(rows, { n: series.n, trials: grown.trials, runs: 2, links: grown.trials + trials });
  // Names that PostgreSQL would cut alike, and what its JSON does not take.
  project.write("long.experiment.ts", long);
  await done("run", "long", "-q");
  assert.match((await lab("push", server.url)).stdout, /sent 1 of 1 trial, 1 row of series/);
  const [columns] = await asked("select * from long");
  assert.equal(
    Object.entries(columns ?? {}).filter(([name]) => name.startsWith("xxx")),
    [
      [`${"x".repeat(54)}_${hashed(`${"x".repeat(70)}1`)}`, 1],
      [`${"x".repeat(54)}_${hashed(`${"x".repeat(70)}2`)}`, 2],
    ],
  );
  assert.equal(await asked("select \"values\" from series where series = 'free'"), [
    { values: { "a\ufffd": 1 } },
  ]);
});

const hashed = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 8);

const long = `import { defineExperiment, metric, replicate } from "labwright";
import { z } from "zod";
const [one, two] = ["x".repeat(70) + "1", "x".repeat(70) + "2"];
export default defineExperiment({
  name: "long",
  parameters: { size: 1 },
  replicates: replicate(1, { seed: 1 }),
  metrics: { [one]: metric.number(), [two]: metric.number() },
  series: { free: z.record(z.string(), z.number()) },
  trial({ record }) {
    record("free", { "a\\0": 1 });
    return { [one]: 1, [two]: 2 };
  },
});
`;

/** Two trials of each kind, under the names that docs/integrations.md gives them. */
function writeForeign(): void {
  for (const job of [0, 1]) {
    project.write(`multirun/2026-11-29/10-00-00/${job}/.hydra/config.yaml`, `lr: 0.${job + 1}\n`);
    project.write(`multirun/2026-11-29/10-00-00/${job}/metrics.json`, `{ "loss": ${job} }\n`);
    project.write(`out/${job}/config.json`, `{ "size": ${job} }\n`);
    project.write(`out/${job}/results.csv`, `loss\n${job}\n`);
  }
  project.write("runs.csv", "Name,State,lr,loss,accuracy\na,finished,0.1,0.5,0.8\nb,finished,0.2,0.4,0.9\n");
  const lr = { name: "FloatDistribution", attributes: { low: 0, high: 1, log: false, step: null } };
  const journal = [
    { op_code: 0, study_name: "tune", directions: [1] },
    ...[0, 1].flatMap((trial_id) => [
      { op_code: 4, study_id: 0, datetime_start: "2026-11-01T10:00:00.000000" },
      {
        ...{ op_code: 5, trial_id, param_name: "lr", param_value_internal: 0.1 * (trial_id + 1) },
        distribution: JSON.stringify(lr),
      },
      { op_code: 6, trial_id, state: 1, values: [trial_id], datetime_complete: "2026-11-01T10:00:01.000000" },
    ]),
  ];
  project.write(
    "study.db",
    journal.map((line) => `${JSON.stringify({ worker_id: "w", ...line })}\n`).join(""),
  );
  const sample = (id: string) => ({
    ...{ id, epoch: 1, input: "1+1", target: "2", total_time: 0.5 },
    scores: { match: { value: "C", answer: "2" } },
  });
  const log = {
    ...{ version: 2, status: "success", results: { scores: [] } },
    eval: { task: "sums", model: "openai/one", task_args: {}, config: { epochs: 1 } },
    samples: ["a", "b"].map(sample),
  };
  project.write("logs/one.json", JSON.stringify(log));
}

test("imported results are a run like any other, and say what is not known of them", async () => {
  project.write(
    "runs.csv",
    `Name,State,Created,Runtime,lr,seed,loss
a,finished,2026-11-01T10:00:00Z,12,0.1,1,0.5
b,finished,2026-11-01T10:00:00Z,13,0.1,2,0.25
c,finished,2026-11-01T10:00:00Z,3,0.2,1,0.9
d,crashed,2026-11-01T10:00:00Z,3,0.2,2,
`,
  );
  const first = JSON.parse(await done("import", "wandb-csv", "runs.csv", "--metrics", "loss", "--json"));
  assert.equal([first.trials, first.conditions, first.factors, first.isNew], [4, 2, ["lr"], true]);
  const again = JSON.parse(await done("import", "wandb-csv", "runs.csv", "--metrics", "loss", "--json"));
  assert.equal([again.run, again.isNew], [first.run, false]);
  assert.match(await done("list"), new RegExp(`${first.run}.*4/4`));
  const shown = await done("show", "runs");
  assert.match(
    shown,
    /command +lab import wandb-csv runs\.csv --metrics loss --json\nfrom +wandb-csv, runs\.csv\nunknown +the code/,
  );
  await done("report", first.run);
  assert.match(
    project.read(`.lab/runs/${first.run}/report/report.html`),
    /Imported from wandb-csv, runs\.csv\. Not known/,
  );
  assert.match(project.read(`.lab/runs/${first.run}/report/report.html`), /all from 2 explicit seeds/);
  assert.match(await done("export", "csv", "runs"), /0\.2,,?.*W&B says crashed/);
  await done("archive", first.run, "-o", project.path("runs.lab.tar.gz"));
  await refused(/imported from wandb-csv: there is no code/, "verify", first.run);
  writeForeign();
  for (const words of commandsUnder(
    "docs/integrations.md",
    "Import: results of Hydra, Optuna, Inspect, W&B, or a folder",
    {},
  ))
    assert.is(JSON.parse(await done(...words, "--json")).trials, 2, words.join(" "));
  await done("report", "latest");
  // A time that nobody knows is none, and no moment of the import.
  for (const row of JSON.parse(await done("export", "json", "out")))
    assert.equal([row.started_at, row.duration_ms], [null, null]);
  assert.match(
    await done("show", "out"),
    /when +ran at an unknown time; imported [\s\S]*arm +trials +took.*\n.* 1 +unknown/,
  );
  assert.match(await done("list"), /complete +2\/2 +unknown .*\bout\n/);
  assert.match(
    readdirSync(project.path(".lab/runs"))
      .map((run) => project.path(".lab/runs", run, "report/report.html"))
      .flatMap((path) => (existsSync(path) ? [readFileSync(path, "utf8")] : []))
      .join(""),
    /all from seeds that another tool has drawn, which are not known here/,
  );
  await refused(/Did you mean "wandb-csv"/, "import", "wandb-cvs", "runs.csv");
  await refused(/no folder with \.hydra.*\n.*: lab import folder out/, "import", "hydra", "out");
  await refused(/takes the path/, "import", "optuna");
  await refused(/no file or folder nowhere/, "import", "hydra", "nowhere");
  await refused(/no file or folder runs\.cvs\n +Did you mean runs\.csv\?/, "import", "wandb-csv", "runs.cvs");
  await refused(/Did you mean latest\?/, "show", "latets");
});

test("a query of the store cannot write, and a store of a later version is left alone", async () => {
  if (server === null) return;
  const { url } = server;
  await refused(/read-only/, "query", "--from", url, "delete from trials returning trial");
  await refused(/read-write mode/, "query", "--from", url, "set transaction read write");
  await refused(/multiple commands/, "query", "--from", url, "commit; delete from labwright.trials");
  await refused(
    /relation "trails" does not exist\n {2}Tables: .*walk.*trials/,
    "query",
    "--from",
    url,
    "select * from trails",
  );
  const { default: pg } = await import("pg");
  const withPassword = url.replace("lab@", `lab:${encodeURIComponent(server.password)}@`);
  const client = new pg.Client(withPassword);
  await client.connect();
  await client.query("create role reader login password 'open sesame'");
  await refused(
    /reader may not read .*\n.*GRANT USAGE/,
    "query",
    "--from",
    url.replace("lab@", "reader@"),
    "select 1 from trials",
  );
  await client.query("create database other");
  const other = new pg.Client(withPassword.replace("/postgres", "/other"));
  await other.connect();
  await other.query("create schema labwright; create table labwright.trials (mine int)");
  await other.end();
  await refused(/has tables that labwright did not make/, "push", url.replace("/postgres", "/other"));
  await client.query("update labwright.schema_version set version = 2");
  await client.end();
  await refused(/version 2, and this labwright writes version 1/, "push", url);
});

test("a password is in no message and no list of processes", async () => {
  if (server === null) return;
  const secret = "hunter2-not-this";
  const wrong = server.url.replace("lab@", `lab:${secret}@`);
  const { code, all } = await lab("push", wrong);
  assert.is(code, 2, all);
  assert.match(all, /password authentication failed/);
  assert.not.match(all, /hunter2/);
  const none = await ended(project.start(["push", server.url]));
  assert.match(none.all, /wants a password.*\n.*PGPASSWORD/);
  // A server that never answers, so that the command can be looked at.
  const heard = new Promise<void>((resolve) => silent.once("connection", () => resolve()));
  const port = await listening();
  const child = project.start([
    "query",
    "--from",
    `postgres://lab:${secret}@127.0.0.1:${port}/x`,
    "select 1",
  ]);
  const gone = ended(child);
  await heard;
  if (process.platform === "linux")
    assert.not.match(readFileSync(`/proc/${child.pid}/cmdline`, "utf8"), /hunter2|postgres/);
  child.kill("SIGKILL");
  await gone;
  silent.close();
  await refused(/no address of a PostgreSQL|takes the address/, "push", "mysql://me@host/lab");
});

const plots = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "plots",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(2, { seed: 1 }),
  metrics: { total: metric.number() },
  series: { steps: z.object({ step: z.int() }) },
  async trial({ parameters, record, artifact, random }) {
    const total = random.float() * parameters.size;
    record("steps", { step: 1 });
    await artifact("plot.txt", \`total \${total}\`);
    return { total };
  },
});
`;

test("artifacts and tables go to a bucket when a run ends, need not stay here, and a bucket that is away harms no run", async () => {
  const bucket = await startS3("results");
  const withKeys = (...args: readonly string[]): Promise<Ended> => ended(project.start(args, bucket.keys));
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, all } = await withKeys(...args);
    assert.is(code, 0, all);
    return stdout;
  };
  const config = (endpoint: string, prefix = ""): void =>
    project.write(
      "lab.config.ts",
      `import { defineConfig, s3 } from "labwright/config";\nexport default defineConfig({ store: s3({ bucket: "results", endpoint: "${endpoint}", prefix: "${prefix}" }) });\n`,
    );
  try {
    project.write("plots.experiment.ts", plots);
    config(`http://127.0.0.1:${await freePort()}`);
    const away = await withKeys("run", "plots", "-q", "--replicates", "0");
    assert.is(away.code, 0, away.all);
    assert.match(away.all, /warning: bucket results .*ECONNREFUSED.*; nothing is lost, later: lab push s3 r/);
    config(bucket.endpoint);
    await ok("run", "plots", "-q");
    const before = await ok("export", "json", "plots", "--series", "steps");
    const first = JSON.parse(await ok("push", "s3", "plots", "--json"));
    assert.is(first.sent, 0, "artifacts of the run before went with its own, and count in it");
    assert.ok(first.files > 4);
    const again = JSON.parse(await ok("push", "s3", "plots", "--drop", "--json"));
    assert.equal([again.sent, again.dropped], [0, again.files]);
    const { length } = readdirSync(project.path(".lab/artifacts"), { recursive: true }).filter((name) =>
      /[0-9a-f]{64}$/.test(String(name)),
    );
    assert.is(length, 0);
    assert.is(await ok("export", "json", "plots", "--series", "steps"), before);
    // What went to the place before is found there.
    config(bucket.endpoint, "moved");
    for (const words of commandsUnder("docs/integrations.md", "S3: artifacts and tables in a bucket", {}))
      await ok(...words);
    await ok("artifacts", "--run", "plots", "-o", project.path("files"));
    const files = readdirSync(project.path("files"), { recursive: true }).filter((name) =>
      String(name).endsWith("plot.txt"),
    );
    assert.is(files.length, 4);
    assert.match(project.read(`files/${files[0]}`), /^total 0[.]/);
    assert.not.match(project.read(".lab/remote.json"), /S3RVER/);
    // Whatever else looks at a run whose files lie in the bucket alone.
    const isDropped = JSON.parse(await ok("push", "s3", "plots", "--drop", "--json"));
    assert.ok(isDropped.dropped >= files.length, "the files that had been brought back");
    await ok("report", "plots");
    const [trial] = JSON.parse(await ok("export", "json", "plots"));
    assert.match(await ok("show", trial.trial), /plot\.txt/);
    await ok("archive", "plots", "-o", project.path("plots.lab.tar.gz"));
    await ok("push", "s3", "plots", "--drop");
    await ok("export", "wandb", "plots", "-o", project.path("offline"));
    await ok("push", "s3", "plots", "--drop");
    const elsewhere = projectOf({});
    try {
      const restored = elsewhere.lab("restore", project.path("plots.lab.tar.gz"));
      assert.is(restored.code, 0, restored.all);
      assert.is(elsewhere.lab("export", "json", "plots", "--series", "steps").stdout, before);
      const kept = elsewhere.lab("artifacts", "--run", "plots", "-o", elsewhere.path("files"));
      assert.is(kept.code, 0, kept.all);
      assert.is(
        readFileSync(elsewhere.path("files", String(files[0])), "utf8"),
        project.read(`files/${files[0]}`),
      );
    } finally {
      elsewhere.remove();
    }
    const merging = projectOf({});
    try {
      const keyless = merging.lab("merge", project.root);
      assert.is(keyless.code, 0, keyless.all);
      assert.match(keyless.stderr, /bucket results needs keys; 4 artifacts lie there alone: give the same/);
      const merged = await ended(merging.start(["merge", project.root], bucket.keys));
      assert.is(merged.code, 0, merged.all);
      assert.match(merged.stdout, /the runs were here already; 0 builds, 4 artifacts/);
      const kept = merging.lab("artifacts", "--run", "plots", "-o", merging.path("files"));
      assert.is(kept.code, 0, kept.all);
      assert.is(
        readFileSync(merging.path("files", String(files[0])), "utf8"),
        project.read(`files/${files[0]}`),
      );
    } finally {
      merging.remove();
    }
  } finally {
    await bucket.stop();
  }
});

const silent = createServer();
function listening(): Promise<number> {
  return new Promise((resolve) =>
    silent.listen(0, "127.0.0.1", () => {
      const address = silent.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    }),
  );
}

test.run();
