// Promise: every exchange with a service is kept, so that a run can be run again with nobody there, to the same bytes; where the code asks for
// something else, the trial, the key and the difference are named.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type FakeLlm, startFakeLlm } from "../fake-llm.ts";
import { ended, type Project, projectOf } from "./project.ts";

/** A talk of five rounds, each of which follows from the one before; a call that fails is answered by nobody. */
const talk = ({
  fourth = "",
} = {}): string => `import { chat, defineExperiment, env, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "talk",
  parameters: { tone: sweep(["kind", "rude"]) },
  replicates: replicate(2, { seed: 3 }),
  metrics: { length: metric.integer(), unanswered: metric.integer() },
  series: { said: z.object({ round: z.number(), text: z.string() }) },
  effects: { ask: chat({ endpoint: env("LLM_URL"), keyFrom: "LLM_KEY", model: "small", retries: 0 }) },
  async trial({ parameters: { tone }, replicate: { index }, random, effects, record }) {
    let said = \`Say \${Math.floor(1000 * random.float())}\`;
    let unanswered = 0;
    for (let round = 0; round < 5; round++) {
      const content = \`\${tone} \${index}, round \${round}: \${round === 3 ? "${fourth}" : ""}\${said}\`;
      try {
        said = (await effects.ask(\`speaker/round-\${round}\`, { messages: [{ role: "user", content }] })).text;
      } catch {
        unanswered += 1;
        said = "silence";
      }
      record("said", { round, text: said });
    }
    return { length: said.length, unanswered };
  },
});
`;

const key = "sk-e2e-5b1f00aa77";

/** What the server was asked, in order. */
const prompts: string[] = [];

function startTalker(): Promise<FakeLlm> {
  return startFakeLlm({
    key,
    answer: ({ prompt }) => {
      prompts.push(prompt);
      return `heard "${prompt.slice(0, 60)}"`;
    },
    fault: ({ prompt }) => (prompt.startsWith("rude 1, round 2") ? "500" : null),
  });
}

async function withTalk(use: (project: Project, server: FakeLlm) => Promise<void>): Promise<void> {
  const server = await startTalker();
  const project = projectOf({ "talk.experiment.ts": talk() });
  try {
    const run = await ended(project.start(["run"], { LLM_URL: server.endpoint, LLM_KEY: key }));
    assert.is(run.code, 0, run.all);
    assert.is(server.arrivals.length, 20);
    await use(project, server);
  } finally {
    project.remove();
    await server.close();
  }
}

test("a run is replayed with its service gone, calls that failed among its exchanges, and edits depart where they ask for something else", () =>
  withTalk(async (project, server) => {
    await server.close();
    const before = project.lab("query", "select count(*) as n from trials", "--format", "csv").stdout;
    const same = project.lab("run", "--replay");
    assert.is(same.code, 0, same.all);
    assert.match(
      same.stdout,
      /4 trials run again with the code of the run from kept exchanges; nothing was sent/,
    );
    assert.match(same.stdout, /every result is the same byte for byte/);
    assert.is(project.lab("verify").code, 0, "verify needs no service either");

    // A comment changes nothing that is asked.
    project.write("talk.experiment.ts", talk().replace("unanswered += 1;", "unanswered += 1; said = '';"));
    const other = project.lab("run", "--replay", "talk", "--json");
    assert.is(other.code, 0, other.all);
    assert.equal(JSON.parse(other.stdout).isSameCode, false);

    project.write("talk.experiment.ts", talk({ fourth: "Now " }));
    const edited = project.lab("run", "--replay");
    assert.is(edited.code, 5, edited.all);
    const departures = edited.stdout.split("\n").filter((line) => line.includes(" departed: "));
    assert.is(departures.length, 4, edited.stdout);
    for (const line of departures)
      assert.match(
        line,
        /^[0-9a-f]{16} departed: effect `speaker\/round-3`: its request is not the one in the journal: `\.messages\[0\]\.content` was ".* and is ".* Now /,
        line,
      );

    project.write("talk.experiment.ts", talk().replace("speaker/round", "talker/round"));
    const renamed = project.lab("run", "--replay");
    assert.match(renamed.stdout, /effect `talker\/round-0`: no exchange is kept under this key/);
    assert.is(renamed.code, 5);
    project.write("talk.experiment.ts", talk());
    assert.is(project.lab("query", "select count(*) as n from trials", "--format", "csv").stdout, before);
    const wrong = project.lab("run", "--replay", "--limit", "2");
    assert.is(wrong.code, 2);
    assert.match(wrong.stderr, /--limit cannot be given with it/);
  }));

test("a branch keeps the past of its trial and asks anew from its point on, as an experiment of its own", () =>
  withTalk(async (project, server) => {
    const at = { LLM_URL: server.endpoint, LLM_KEY: key };
    const branch = async (...args: string[]) => ended(project.start(["branch", "talk/0/0", ...args], at));
    const arms =
      "select tone, count(*) as n, sum(length) as l from trials where experiment = 'talk' group by tone order by tone";
    const before = project.lab("query", arms).stdout;
    const original = JSON.parse(project.lab("show", "talk/0/0", "--json").stdout) as { run: string };

    const first = await branch("--at", "3", "--set", "tone=rude", "--json");
    assert.is(first.code, 0, first.all);
    const told = JSON.parse(first.stdout) as Record<string, unknown> & { run: string };
    assert.is(told.kept, 3);
    assert.is(told.asked, 2);
    // Its past was asked for otherwise, and has the answers that were kept.
    assert.is(told.changed, 3);
    assert.match(
      String(told.first),
      /^speaker\/round-0: `\.messages\[0\]\.content` was "kind 0, .* and is "rude 0, /,
    );
    assert.is(server.arrivals.length, 22, "only what follows the point is sent");
    const asked = prompts.slice(-2);
    assert.ok(
      asked.every((prompt) => prompt.startsWith("rude 0, round ")),
      asked.join("; "),
    );

    const status = project.lab("show", told.run);
    assert.match(
      status.stdout,
      /A branch of trial [0-9a-f]{16} of talk in r0001-.*: with tone = "rude"\. Exchanges before speaker\/round-3/,
    );
    assert.is(project.lab("report", told.run, "--format", "html", "--output-dir", "out").code, 0);
    const pages = readdirSync(project.path("out"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".html"),
    );
    assert.ok(
      pages.some((name) => readFileSync(project.path(`out/${name}`), "utf8").includes("A branch of trial")),
      pages.join(" "),
    );

    // The same again is the same run; another answer is another branch.
    const again = await branch("--at", "3", "--set", "tone=rude", "--json");
    assert.is((JSON.parse(again.stdout) as { run: string }).run, told.run);
    assert.is(server.arrivals.length, 22);
    const answered = await branch("--answer", "speaker/round-1=Hello!", "--json");
    assert.is(answered.code, 0, answered.all);
    const hello = JSON.parse(answered.stdout) as { run: string; changed: number; kept: number };
    assert.equal([hello.kept, hello.changed], [2, 0]);
    assert.is(server.arrivals.length, 25);

    const results = project.lab("query", arms, "--run", original.run);
    assert.is(results.stdout, before, "the arms of the experiment are what they were");
    const wrong = await branch("--at", "speaker/round-33", "--set", "tone=rude");
    assert.is(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /no exchange under the key "speaker\/round-33"[\s\S]*Did you mean speaker\/round-3\?/,
    );
    assert.is((await branch("--at", "2", "--set", "tune=rude")).code, 2);
    await server.close();
    assert.is(project.lab("verify", told.run).code, 0, "a branch verifies as any run does");
  }));

test.run();
