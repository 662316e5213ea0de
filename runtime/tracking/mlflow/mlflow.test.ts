// Promises of what is sent to MLflow: within its limits whatever there is, under names that it takes and that can be read back, tried again where
// trying helps, made once where a request's answer was lost.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createBatchBuilder } from "../../record/record-batch.ts";
import { openStore } from "../../store/project-store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "../../store/testing/plan-fixture.ts";
import { type MlflowFake, startMlflowFake } from "../../testing/services/mlflow-fake.ts";
import { batchesOf, type MlflowBatch } from "./batches.ts";
import { MlflowAway, MlflowRefusal, mlflowClient } from "./client.ts";
import { mlflowName } from "./names.ts";
import { MlflowServer } from "./server.ts";
import { MlflowSync } from "./sync.ts";

const pairs = (length: number, size: number) =>
  Array.from({ length }, (_, index) => ({ key: `k${index}`, value: "x".repeat(size) }));

test("a batch of any size leaves in requests within the limits, whole, in order, the last tag last", () => {
  const sizes = fc.tuple(fc.nat(2500), fc.nat(250), fc.nat(250), fc.nat(6000));
  fc.assert(
    fc.property(sizes, ([metrics, params, tags, size]) => {
      const whole: MlflowBatch = {
        metrics: Array.from({ length: metrics }, (_, step) => ({ key: "m", value: 1, timestamp: 1, step })),
        params: pairs(params, size),
        tags: pairs(tags, size),
      };
      const batches = batchesOf(whole);
      assert.equal(
        batches.flatMap((each) => each.metrics),
        whole.metrics,
      );
      assert.equal(
        batches.flatMap((each) => each.params),
        whole.params,
      );
      assert.equal(
        batches.flatMap((each) => each.tags),
        whole.tags,
      );
      for (const each of batches) {
        const counts = [each.metrics.length, each.params.length, each.tags.length] as const;
        assert.ok(counts[0] <= 1000 && counts[1] <= 100 && counts[2] <= 100);
        assert.ok(counts[0] + counts[1] + counts[2] <= 1000);
        assert.ok(Buffer.byteLength(JSON.stringify({ run_id: "r".repeat(32), ...each })) <= 1e6);
      }
      if (tags > 0) assert.ok((batches.at(-1)?.tags.length ?? 0) > 0);
    }),
    { numRuns: 60 },
  );
});

/** mlflow/utils/validation.py: the expression of names, and the rule that a name is its own normal path. */
const allowed = /^[/\p{L}\p{N}_.\- ]*$/u;

/** The parts that a name was made of, by the rule of docs/integrations.md. */
function partsOf(name: string): readonly string[] {
  return name
    .split("/")
    .map((part) =>
      part.replaceAll(/_u([0-9a-f]*)_/g, (_, code: string) =>
        code === "" ? "" : String.fromCodePoint(Number.parseInt(code, 16)),
      ),
    );
}

test("a name of any characters is one that MLflow takes, and can be read back", () => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.string({ unit: fc.constantFrom("_", "u", "3", "d", ".", "/", " ", "="), maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      const name = mlflowName(...parts);
      assert.match(name, allowed);
      for (const folder of name.split("/")) assert.not.match(folder, /^\.{0,2}$/);
      if (name.length < 250) assert.equal(partsOf(name), parts);
    }),
    { numRuns: 2000 },
  );
  assert.is(mlflowName("taste.mean", "minutes 1"), "taste.mean/minutes 1");
  assert.is(mlflowName("a=b"), "a_u3d_b");
  assert.is(mlflowName("mean_utility"), "mean_utility");
  const [long, other] = ["x", "y"].map((end) => mlflowName("n".repeat(300) + end));
  assert.ok(long !== other && long!.length <= 250, "names that are cut stay apart");
});

async function withServer(
  work: (fake: MlflowFake, server: MlflowServer) => Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const fake = await startMlflowFake();
  const { signal } = new AbortController();
  try {
    const client = mlflowClient({ uri: `${fake.url}/`, environment, signal, attempts: 4, firstWaitMs: 1 });
    await work(fake, new MlflowServer(client));
  } finally {
    await fake.close();
  }
}

const key = { key: "labwright.key", value: "one" };
const run = (experiment: string) => ({ experiment, name: "a", startedAt: 1, tags: [], key });

test("a run is made once, also where the answer to its making was lost or the server was away", async () => {
  await withServer(async (fake, server) => {
    const experiment = await server.experiment("e");
    for (const fault of ["lost", "reset", { status: 503 }, { status: 429, retryAfter: "0" }] as const) {
      const before = fake.requests.length;
      fake.fault = (_, index) => (index === before ? fault : null);
      const value = JSON.stringify(fault).replaceAll(/\W/g, "");
      const made = await server.create({ ...run(experiment), key: { ...key, value } });
      assert.is(fake.runs.filter(({ tags }) => tags.get(key.key) === value).length, 1, value);
      assert.is(fake.runs.at(-1)!.id, made.id);
    }
    assert.is(await server.experiment("e"), experiment);
    assert.equal(fake.refusals, []);
  });
});

test("pages of runs are read to the end", async () => {
  await withServer(async (fake, server) => {
    const experiment = await server.experiment("e");
    const tags = [{ key: "mlflow.parentRunId", value: "p" }];
    for (let made = 0; made < 1001; made += 1)
      await server.create({ ...run(experiment), tags, key: { ...key, value: `${made}` } });
    assert.is((await server.runs(experiment, tags[0]!)).length, 1001);
    assert.is(fake.requests.filter(({ what }) => what === "POST runs/search").length, 2);
  });
});

test("NaN and the infinities arrive; what the server refuses is an error with its words, at once", async () => {
  await withServer(async (fake, server) => {
    const { id } = await server.create(run(await server.experiment("e")));
    const metric = (value: number | string) => ({ key: "m", value, timestamp: 1, step: 0 });
    await server.log(id, { metrics: ["NaN", "-Infinity", 2].map(metric), params: [], tags: [] });
    assert.is(fake.runs[0]!.metrics.size, 3);
    const param = (value: string) => ({ metrics: [], params: [{ key: "p", value }], tags: [] });
    await server.log(id, param("1"));
    await server.log(id, param("1"));
    const before = fake.requests.length;
    const refused = await server.log(id, param("2")).catch((error: unknown) => error);
    assert.instance(refused, MlflowRefusal);
    assert.match(String(refused), /INVALID_PARAMETER_VALUE: Changing param values is not allowed/);
    assert.is(fake.requests.length, before + 1);
  });
});

test("metrics whose answer was lost are not a refusal when they are sent again", async () => {
  await withServer(async (fake, server) => {
    const { id } = await server.create(run(await server.experiment("e")));
    const before = fake.requests.length;
    fake.fault = (_, index) => (index === before ? "lost" : null);
    const metrics = [1, 2].map((step) => ({ key: "m", value: step, timestamp: 1, step }));
    await server.log(id, { metrics, params: [{ key: "p", value: "1" }], tags: [] });
    assert.equal([fake.runs[0]!.metrics.size, fake.runs[0]!.params.get("p")], [2, "1"]);
  });
});

test("a server that stays away is said to be so; credentials go with every request and are in no message", async () => {
  const environment = { MLFLOW_TRACKING_USERNAME: "ada", MLFLOW_TRACKING_PASSWORD: "a-long-password" };
  await withServer(async (fake, server) => {
    await server.experiment("e");
    const basic = `Basic ${Buffer.from("ada:a-long-password").toString("base64")}`;
    assert.ok(fake.requests.every(({ authorization }) => authorization === basic));
    fake.fault = () => ({ status: 503 });
    const away = await server.experiment("f").catch((error: unknown) => error);
    assert.instance(away, MlflowAway);
    assert.match(String(away), /127\.0\.0\.1:\d+ says 503/);
    assert.not.match(String(away), /a-long-password|ada:/);
  }, environment);
  await withServer(
    async (fake, server) => {
      await server.experiment("e");
      assert.is(fake.requests[0]!.authorization, "Bearer a-token");
    },
    { ...environment, MLFLOW_TRACKING_TOKEN: "a-token" },
  );
});

test("a file that a server refuses keeps nothing else from it, is told, and goes with the next sync", async () => {
  const store = openStore(temporaryProject());
  const writer = await startFixtureRun(store, fixturePlan({ levels: [0], replicates: 3 }));
  const hash = await writer.artifacts.put(Buffer.from("hot"));
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
  for (const unit of [0, 1, 2]) builder.push(unit, 0, 1, 0, 1, [unit, 1, 0]);
  builder.artifacts(0, [{ name: "tea.txt", hash, bytes: 3 }]);
  writer.ledger.append(builder.seal());
  const stored = await writer.finish("complete", { compact: false });
  await withServer(async (fake, server) => {
    const bring = async () => {
      const options = { server, experiment: null, trials: null, points: 10, redact: (text: string) => text };
      const brought = { store, run: stored, conclusions: null, progress: new Map() };
      const [synced] = await new MlflowSync(options).bring(brought);
      const { trials, notes } = synced!;
      return { sent: trials.sent, unchanged: trials.unchanged, notes };
    };
    fake.fault = (what) => (what === "PUT artifacts/tea.txt" ? { status: 413 } : null);
    const { notes, ...first } = await bring();
    assert.equal(first, { sent: 3, unchanged: 0 });
    assert.is(notes.length, 1);
    assert.match(
      notes[0]!,
      /^not all files were taken: http\S+ says 413; a later `lab sync mlflow` sends them again$/,
    );
    assert.is(fake.runs.filter(({ status }) => status === "FINISHED").length, 3);
    fake.fault = () => null;
    assert.equal(await bring(), { sent: 1, unchanged: 2, notes: [] });
    assert.equal(await bring(), { sent: 0, unchanged: 3, notes: [] });
    assert.equal([...fake.files.values()].map(String), ["hot"]);
    assert.equal(fake.refusals, []);
  });
});

test("what is no address is repeated without user and password, however it is written", () => {
  const { signal } = new AbortController();
  for (const uri of ["ftp://ada:se@c/ret@lan", "ada:secret@lan", "http://ada:secret@lan 1"]) {
    assert.throws(
      () => mlflowClient({ uri, environment: {}, signal }),
      ({ message }: Error) => /none: (\w+:\/\/)?lan( 1)?$/.test(message),
      uri,
    );
  }
});

test.run();
