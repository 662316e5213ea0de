// Promise: a trial of many steps with megabytes of state is saved as it goes; killed whenever you like it ends as an undisturbed one.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf, resultOf } from "./project.ts";

/** 2 MB of state, saved every 500 of 6,000 steps. */
const climb = `import { defineExperiment, metric, replicate } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "climb",
  parameters: { steps: 6000, kilobytes: 2000 },
  replicates: replicate(2, { seed: 21 }),
  metrics: { height: metric.number(), sum: metric.number() },
  primary: "height",
  series: { path: z.object({ step: z.int(), height: z.number() }) },
  async trial({ parameters, random, record, steps, artifact, log, replicate }) {
    const wind = random.stream("wind");
    const end = await steps({
      total: parameters.steps,
      checkpoint: 500,
      initial: () => {
        log("starts at 0");
        return { height: 0, seen: new Float64Array(parameters.kilobytes * 128) };
      },
      step(state, index) {
        for (let push = 0; push < 200; push++) state.height += random.normal() * wind.float();
        state.seen[(index * 131) % state.seen.length] = state.height;
        if (index % 250 === 0) record("path", { step: index, height: state.height });
        if (index % 500 === 400) log("in step " + index + " of replicate " + replicate.index);
      },
    });
    const { height, seen } = end;
    await artifact("end.json", JSON.stringify({ height }));
    return { height, sum: seen.reduce((sum, each) => sum + each, 0) };
  },
});
`;

function resultsOf(project: Project): string {
  const of = (...args: string[]): string[] => {
    const { code, stdout, all } = project.lab(...args);
    assert.is(code, 0, all);
    return (JSON.parse(stdout) as object[]).map((row) => JSON.stringify(resultOf(row)));
  };
  return [
    ...of("export", "json", "climb"),
    ...of("export", "json", "climb", "--series", "path"),
    ...of("artifacts", "--json"),
  ]
    .sort()
    .join("\n");
}

const undisturbed = ((): string => {
  const project = projectOf({ "climb.experiment.ts": climb });
  const run = project.lab("run", "-j", "2", "--quiet");
  assert.is(run.code, 0, run.all);
  const results = resultsOf(project);
  project.remove();
  return results;
})();

/** What trials say, until a line makes the run be killed, or interrupted as one Ctrl-C does. */
async function saidUntil(
  project: Project,
  isEnough: (text: string) => boolean,
  signal: "SIGKILL" | "SIGINT" = "SIGKILL",
): Promise<readonly string[]> {
  const child = project.start(["run", "-j", "2", "--json"]);
  const end = ended(child);
  const said: string[] = [];
  let rest = "";
  let isKilled = false;
  let counted = 0;
  child.stdout?.on("data", (bytes) => {
    rest += bytes;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((each) => each !== "")) {
      const {
        type,
        text,
        done = 0,
      } = JSON.parse(line) as {
        readonly type: string;
        readonly text?: string;
        readonly done?: number;
      };
      if (type === "progress") counted = Math.max(counted, done);
      if (text === undefined) continue;
      said.push(text);
      if (isKilled || !isEnough(text)) continue;
      isKilled = true;
      if (signal === "SIGKILL") process.kill(-(child.pid ?? 0), signal);
      else child.kill(signal);
    }
  });
  const { code, all } = await end;
  assert.is(code, signal === "SIGKILL" ? null : 130, all);
  assert.ok(isKilled, said.join("\n"));
  if (signal === "SIGINT") assert.is(counted, 0, "a trial that ends at its saved state is not done");
  return said;
}

interface Saved {
  readonly replicate: number;
  readonly steps: { readonly done: number; readonly total: number };
}

/** The first step that a trial says it is in, of those of a replicate; null when it says none. */
function firstStep(said: readonly string[], replicate: number): number | null {
  const [step] = said.flatMap((text) => {
    const [, at, of] = /^in step (\d+) of replicate (\d)/.exec(text) ?? [];
    return Number(of) === replicate ? [Number(at)] : [];
  });
  return step ?? null;
}

test("a trial killed four times goes on from its last saved state and ends byte-identical", async () => {
  const project = projectOf({ "climb.experiment.ts": climb });
  let saved: readonly Saved[] = [];
  for (const step of [1400, 2400, 3900, 5400]) {
    const said = await saidUntil(project, (text) => text.startsWith(`in step ${step} `));
    for (const { replicate, steps } of saved)
      assert.ok([steps.done + 400, null].includes(firstStep(said, replicate)), `${steps.done}: ${said}`);
    const status = project.lab("status");
    assert.match(
      status.stdout,
      /trials? with a saved state to go on from:\n[0-9a-f]{16} {2}step [\d,]+ of 6,000, saved/,
    );
    saved = (JSON.parse(project.lab("status", "--json").stdout) as { readonly saved: readonly Saved[] })
      .saved;
    assert.ok(saved.every(({ steps }) => steps.done % 500 === 0 && steps.total === 6000));
  }
  // The newest state of each trial is spoilt: the one before it is taken.
  const folder = project.path(".lab/checkpoints");
  const files = readdirSync(folder).filter((name) => name.endsWith(".checkpoint"));
  for (const name of files.filter((each) => files.includes(each.replace(".", ".1.")))) {
    const bytes = readFileSync(`${folder}/${name}`);
    bytes[1_000_000]! ^= 1;
    writeFileSync(`${folder}/${name}`, bytes);
  }
  const last = project.lab("run", "-j", "2", "--json");
  assert.is(last.code, 0, last.all);
  assert.not.match(last.stdout, /starts at 0/);
  assert.match(last.stdout, /"type":"trial-progress".*"total":6000/);
  assert.is(resultsOf(project), undisturbed);
  assert.equal(
    readdirSync(folder).filter((name) => !name.endsWith(".draft")),
    [],
  );
  const [trial] = JSON.parse(project.lab("export", "json", "climb").stdout) as { readonly trial: string }[];
  assert.match(project.lab("show", trial?.trial ?? "").stdout, /checkpointBytes/);
  project.remove();
});

test("the first Ctrl-C ends trials of many steps at their next saved state, from which the next run goes on", async () => {
  const project = projectOf({ "climb.experiment.ts": climb });
  await saidUntil(project, (text) => text.startsWith("in step 900 "), "SIGINT");
  const status = JSON.parse(project.lab("status", "--json").stdout) as { readonly saved: readonly Saved[] };
  assert.is(status.saved.length, 2, JSON.stringify(status));
  assert.not.match(project.lab("show").stdout, /took/, "no trial has ended that could say what it takes");
  const again = project.start(["run", "-j", "2", "--json"]);
  const { stdout, code, all } = await ended(again);
  assert.is(code, 0, all);
  const said = [...stdout.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text ?? "");
  for (const { replicate, steps } of status.saved) {
    assert.ok(steps.done % 500 === 0 && steps.done < 6000, JSON.stringify(steps));
    // No step before the saved state is made again, none after it is left out.
    assert.is(firstStep(said, replicate), steps.done + 400);
  }
  assert.is(resultsOf(project), undisturbed);
  project.remove();
});

test("a trial whose code has changed takes up no state of its earlier code", async () => {
  const project = projectOf({ "climb.experiment.ts": climb });
  await saidUntil(project, (text) => text.startsWith("in step 1400 "));
  project.write("climb.experiment.ts", climb.replace("push < 200", "push < 201"));
  const edited = project.lab("run", "-j", "2", "--json", "--limit", "1", "-S", "steps=600");
  assert.is(edited.code, 0, edited.all);
  assert.match(edited.stdout, /starts at 0/);
  project.remove();
});

test.run();
