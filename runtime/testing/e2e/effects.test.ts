// Promise: effects that `lab.config.ts` performs are asked for once, through every command; a budget stops a run with its own code and the run
// goes on; an unchanged request of an edited trial is not paid for again. Calls are counted by a real server.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ended, ended, type Project, projectOf } from "./project.ts";

const config = `import { defineConfig } from "labwright/config";

export default defineConfig({
  performers: {
    async double(request, { signal, idempotencyKey }) {
      const headers = { "idempotency-key": idempotencyKey };
      const answer = await fetch(process.env.DOUBLE_URL ?? "", { method: "POST", body: JSON.stringify(request), headers, signal });
      if (answer.status === 402) return { budget: \`the quota of \${process.env.DOUBLE_API_KEY} is used up\` };
      return { response: await answer.json(), usage: { calls: 1, tokens: 10 } };
    },
  },
});
`;

const experiment = (
  returned: string,
  options = "",
): string => `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "asks",
  parameters: { size: sweep([1, 2, 3]) },
  replicates: replicate(2, { seed: 1 }),
  metrics: { score: metric.number() },
  async trial({ parameters, replicate: { index }, effect }) {
    const doubled = await effect<number>("ask", { size: parameters.size }, { kind: "double"${options} });
    return { score: ${returned} };
  },
});
`;

interface Service {
  readonly calls: number;
  /** Answers this many requests more, then says 402. */
  allow(requests: number): void;
  lab(project: Project, ...args: readonly string[]): Promise<Ended>;
  close(): Promise<void>;
}

async function startService(): Promise<Service> {
  let calls = 0;
  let allowed = Number.POSITIVE_INFINITY;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => {
      body += bytes;
    });
    request.on("end", () => {
      if (allowed === 0) {
        response.writeHead(402).end();
        return;
      }
      allowed -= 1;
      calls += 1;
      response.end(JSON.stringify(2 * JSON.parse(body).size));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    get calls() {
      return calls;
    },
    allow: (requests) => {
      allowed = requests;
    },
    lab: (project, ...args) =>
      ended(project.start(args, { DOUBLE_URL: `http://127.0.0.1:${port}/`, DOUBLE_API_KEY: "sesame-12345" })),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

test("an edited trial asks anew, or takes over the answers to unchanged requests when it says so", async () => {
  const service = await startService();
  const files = (returned: string, options?: string) => ({
    "asks.experiment.ts": experiment(returned, options),
  });
  const project = projectOf({ "lab.config.ts": config, ...files("doubled + 0 * index") });
  try {
    const first = await service.lab(project, "run");
    assert.is(first.code, 0, first.all);
    assert.is(service.calls, 6);
    const sums =
      "SELECT sum(telemetry_calls) AS calls, sum(telemetry_tokens) AS tokens, sum(score) AS score FROM trials";
    assert.match(
      (await service.lab(project, "query", sums, "--format", "csv")).stdout,
      /6(\.0)?,60(\.0)?,24/,
    );
    const shown = await service.lab(project, "show", "asks/0/0");
    assert.match(shown.stdout, /used {5}calls 1, tokens 10/, shown.all);

    project.write("asks.experiment.ts", experiment("doubled + index"));
    assert.is((await service.lab(project, "run")).code, 0);
    assert.is(service.calls, 12, "without reuse an edited trial buys its answers again");

    project.write("asks.experiment.ts", experiment("doubled + 2 * index", ', reuse: "same-request"'));
    const reused = await service.lab(project, "run");
    assert.is(reused.code, 0, reused.all);
    assert.is(service.calls, 12, "with reuse it buys none");
    const score = await service.lab(
      project,
      "query",
      "SELECT sum(score) AS score, sum(telemetry_reused) AS reused FROM trials",
      "--format",
      "csv",
    );
    assert.match(score.stdout, /30(\.0)?,6/, score.all);

    project.write(
      "asks.experiment.ts",
      experiment("doubled + 3 * index", ', reuse: "same-request"').replace(
        "size: parameters.size }",
        "size: parameters.size, more: true }",
      ),
    );
    assert.is((await service.lab(project, "run")).code, 0);
    assert.is(service.calls, 18, "another request is another answer");
  } finally {
    project.remove();
    await service.close();
  }
});

test("a budget that is spent ends a run with code 4, and the same command goes on", async () => {
  const service = await startService();
  const project = projectOf({
    "lab.config.ts": config,
    "asks.experiment.ts": experiment("doubled + 0 * index"),
  });
  try {
    service.allow(2);
    const stopped = await service.lab(project, "run");
    assert.is(stopped.code, 4, stopped.all);
    assert.match(stopped.stderr, /stopped: the quota of \[redacted\] is used up: 2 run, 0 reused, 4 left/);
    assert.match(stopped.stderr, /go on with: lab run/);
    assert.is((await service.lab(project, "status")).code, 0);
    const again = await service.lab(project, "run");
    assert.is(again.code, 4, again.all);
    service.allow(100);
    const done = await service.lab(project, "run");
    assert.is(done.code, 0, done.all);
    assert.match(done.stderr, /4 run, 2 reused/);
    assert.is(service.calls, 6);
  } finally {
    project.remove();
    await service.close();
  }
});

test("verify and the replay of one trial ask the same performers", async () => {
  const service = await startService();
  const project = projectOf({
    "lab.config.ts": config,
    "asks.experiment.ts": experiment("doubled + 0 * index"),
  });
  try {
    const planned = await service.lab(project, "run", "-n");
    assert.is(planned.code, 0, planned.all);
    const whole = await service.lab(project, "run", "--limit", "3");
    assert.is(whole.code, 0, whole.all);
    const rows = JSON.parse((await service.lab(project, "export", "json")).stdout) as { trial?: string }[];
    assert.is(rows.length, 3);
    assert.is((await service.lab(project, "verify")).code, 0);
    assert.is(service.calls, 3, "recorded answers are replayed");
    const replay = await service.lab(project, "run", "--trial", "asks/0/1", "--inline");
    assert.is(replay.code, 0, replay.all);
    assert.is(service.calls, 4, "what is not recorded is asked for");
  } finally {
    project.remove();
    await service.close();
  }
});

test("the example of docs/config.md runs against a service on this machine", async () => {
  const page = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  const project = projectOf(Object.fromEntries(blocks.map(([, file, text]) => [file, text])));
  let calls = 0;
  const server = createServer((_, response) => {
    calls += 1;
    response.end('{ "degrees": 21.5 }');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const run = await ended(project.start(["run"], { WEATHER_URL: `http://127.0.0.1:${port}/` }));
    assert.is(run.code, 0, run.all);
    assert.is(calls, 6);
  } finally {
    project.remove();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("what is wrong with lab.config.ts is told in words, and a kind that nobody performs at build", async () => {
  const project = projectOf({ "asks.experiment.ts": experiment("doubled + 0 * index") });
  try {
    const cases: readonly (readonly [text: string, words: RegExp])[] = [
      ["export const performers = {};", /lab\.config\.ts has no default export/],
      ["export default 7;", /The default export of lab\.config\.ts is number; expected an object/],
      [
        "export default { performres: {} };",
        /a member `performres`, which means nothing[\s\S]*Did you mean "performers"\?/,
      ],
      [
        "export default { performers: { double: 3 } };",
        /The performer of kind "double" in lab\.config\.ts is number/,
      ],
      ["export default {", /lab\.config\.ts:\d+:\d+ error type-error/],
      ['import "./nowhere.ts"; export default {};', /lab\.config\.ts:1:8 error[\s\S]*Could not resolve/],
      [
        'import { defineConfig, slrum } from "labwright/config";\nexport default defineConfig({ engine: slrum() });',
        /lab\.config\.ts:1:24 error[\s\S]*Did you mean "slurm"\?/,
      ],
      [
        'import { defineConfig, slurm } from "labwright/config";\nexport default defineConfig({\n  engine: slurm({ partiton: "main" }),\n});',
        /lab\.config\.ts:3:19 error[\s\S]*Did you mean "partition"\?/,
      ],
      ['throw new Error("no key"); export default {};', /lab\.config\.ts could not be loaded: no key/],
      [
        "export default {};",
        /unknown-effect-kind[\s\S]*Nobody performs effects of kind "double"[\s\S]*No performer is declared/,
      ],
      [
        "export default { performers: { doubel: async () => ({ response: 1 }) } };",
        /Did you mean "doubel"\?/,
      ],
    ];
    for (const [text, words] of cases) {
      project.write("lab.config.ts", text);
      for (const command of text.includes("doubel") ? ["build", "run", "plan"] : ["build"]) {
        const { code, all } = await ended(project.start([command]));
        assert.is(code, 2, all);
        assert.match(all, words);
        assert.not.match(all, /labwright has a bug/);
      }
    }
  } finally {
    project.remove();
  }
});

test.run();
