// Promise: another program hands in batches of conditions while a run is open, through `openBatch` or a socket; what is recorded is not computed
// again, what does not fit is told to whom it concerns, and the results are as those of any run.
import { type ChildProcess, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { transformSync } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";

const experiment = `import { between, defineExperiment, metric, replicate, space } from "labwright";
export default defineExperiment({
  name: "tune",
  parameters: space.proposed({ alpha: between(0, 1), beta: between(0, 1) }, { capacity: 40 }),
  replicates: replicate(2, { seed: 11 }),
  metrics: { loss: metric.number() },
  trial: ({ parameters, random }) => ({
    loss: (parameters.alpha - 0.3) ** 2 + (parameters.beta - 0.6) ** 2 + 0.001 * random.normal(),
  }),
});
`;

/** A search that keeps the best two of a generation and mutates them; the process of its own says what it was told. */
const search = `import { openBatch } from "labwright/run";
const tune = openBatch({ experiment: "tune", threads: 2, by: "evolution" });
const loss = ({ trials }) => trials.reduce((sum, { metrics }) => sum + metrics.loss, 0) / trials.length;
let generation = [0.1, 0.4, 0.7, 0.9].map((x) => ({ alpha: x, beta: 1 - x }));
const best = [];
for (let round = 0; round < 4; round++) {
  const tried = await tune.evaluate(generation);
  const [first, second] = [...tried].sort((a, b) => loss(a) - loss(b));
  best.push(loss(first));
  const near = (x, step) => Math.min(1, Math.max(0, Math.round((x + step) * 1000) / 1000));
  const { alpha, beta } = first.condition;
  generation = [first.condition, second.condition, { alpha: near(alpha, 0.2 / 2 ** round), beta }, { alpha, beta: near(beta, -0.2 / 2 ** round) }];
}
const wrong = await tune.evaluate([{ alpha: 3, beta: 0 }]).catch((error) => error.message);
const [left, right] = await Promise.all([tune.evaluate([{ alpha: 0.05, beta: 0.05 }]), tune.evaluate([{ alpha: 0.05, beta: 0.05 }])]);
const outcome = await tune.close();
const late = await tune.evaluate([{ alpha: 0.5, beta: 0.5 }]).catch((error) => error.message);
console.log(JSON.stringify({ best, wrong, same: left[0].slot === right[0].slot, outcome, late }));
`;

/** In Python, without a package: what docs/programs.md says of the protocol. */
const client = `import json, socket, sys
where = json.loads(sys.stdin.readline())
lines = socket.create_connection((where["address"], where["port"])).makefile("rw")
def ask(what):
    lines.write(json.dumps(what) + "\\n"); lines.flush()
    return json.loads(lines.readline())
answers = [ask({"token": where["token"]}), ask({"nonsense": 1})]
answers.append(ask({"id": 1, "evaluate": [{"alpha": 0.1, "beta": 0.9}, {"alpha": 0.25, "beta": 0.5}]}))
answers.append(ask({"id": 2, "evaluate": [{"alpha": -1, "beta": 0}]}))
lines.write(json.dumps({"close": True}) + "\\n"); lines.flush()
print(json.dumps(answers))
`;

let project: Project | null = null;
test.before(() => {
  project = projectOf({ "tune.experiment.ts": experiment, "search.mjs": search, "client.py": client });
});
test.after(() => project?.remove());

test("a search in a program of its own; the same search again runs nothing", () => {
  const made = project!;
  const told = [0, 1].map(() => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["search.mjs"], {
      cwd: made.root,
      encoding: "utf8",
    });
    assert.is(status, 0, stderr);
    return JSON.parse(stdout);
  });
  const [first, again] = told;
  assert.is(first.outcome.status, "complete");
  assert.ok(first.best[3] <= first.best[0]);
  assert.match(first.wrong, /evolution proposed .*alpha/);
  assert.match(first.late, /closed/);
  assert.ok(first.same);
  assert.equal(again.best, first.best);
  assert.is(again.outcome.done, 0);
  const counted = made.lab(
    "query",
    "select count(*) as trials, count(distinct alpha || '/' || beta) as conditions from trials",
    "--format",
    "csv",
  );
  assert.match(counted.stdout, new RegExp(`${first.outcome.done},${first.outcome.done / 2}`));
  const reported = made.lab("report", "tune");
  assert.is(reported.code, 0, reported.all);
  made.write("tune.experiment.ts", experiment.replace("capacity: 40", "capacity: 41"));
  const roomier = spawnSync(process.execPath, ["search.mjs"], { cwd: made.root, encoding: "utf8" });
  made.write("tune.experiment.ts", experiment);
  assert.is(roomier.status, 0, roomier.stderr);
  assert.equal(JSON.parse(roomier.stdout).best, first.best, "with more room what is recorded is there");
});

test("a client in Python over the socket of lab open; a stranger without the token is refused", async () => {
  const made = project!;
  const opened = made.start(["open", "tune", "-j", "2"]);
  const whole = ended(opened);
  const line = await firstLineOf(opened);
  const stranger = spawnSync("python3", ["client.py"], {
    cwd: made.root,
    encoding: "utf8",
    input: `${JSON.stringify({ ...JSON.parse(line), token: "guess" })}\n`,
  });
  assert.not.match(stranger.stdout, /tried/);
  const { status, stdout, stderr } = spawnSync("python3", ["client.py"], {
    cwd: made.root,
    encoding: "utf8",
    input: `${line}\n`,
  });
  assert.is(status, 0, stderr);
  const [open, nonsense, tried, wrong] = JSON.parse(stdout);
  assert.equal(open, { open: true });
  assert.match(nonsense.error, /no line of this protocol/);
  assert.is(tried.id, 1);
  assert.equal(
    tried.tried.map((one: { condition: object; trials: object[] }) => [one.condition, one.trials.length]),
    [
      [{ alpha: 0.1, beta: 0.9 }, 2],
      [{ alpha: 0.25, beta: 0.5 }, 2],
    ],
  );
  assert.match(wrong.error, /alpha/);
  const { code, stdout: said, all } = await whole;
  assert.is(code, 0, all);
  const closed = JSON.parse(said.trim().split("\n").at(-1) ?? "");
  assert.is(closed.type, "closed");
  assert.is(closed.done, 2, "the first condition was tried by the search");
});

test("the evolutionary search of docs/programs.md runs as it stands, finds what it looks for, and computes nothing again", () => {
  const text = readFileSync(new URL("../../../docs/programs.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");
  const [definition] = blocks.filter((code) => code.includes("space.proposed"));
  const [loop] = blocks.filter((code) => code.includes("openBatch({"));
  const { code } = transformSync(loop ?? "", { loader: "ts", format: "esm" });
  const made = projectOf({ "tune.experiment.ts": definition ?? "", "evolve.mjs": code });
  try {
    const [first, again] = [0, 1].map(() => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["evolve.mjs"], {
        cwd: made.root,
        encoding: "utf8",
      });
      assert.is(status, 0, stderr);
      return /\{ alpha: ([\d.]+), beta: ([\d.]+) \} (r\d+)/.exec(stdout) ?? [];
    });
    const [, alpha, beta] = first ?? [];
    assert.ok(Math.hypot(Number(alpha) - 0.3, Number(beta) - 0.6) < 0.15, `${alpha} ${beta}`);
    assert.equal(again, first, "the same run: nothing was computed again");
  } finally {
    made.remove();
  }
});

function firstLineOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => createInterface({ input: stdout! }).once("line", resolve));
}

test.run();
