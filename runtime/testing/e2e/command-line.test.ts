// Promises of the command line: levels typed there are those of the file's own rules, values mean what they look like, a file stands for
// its experiments, and a name for the newest run that holds it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

const grid = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "grid",
  parameters: {
    x: sweep.range(0, 1, 0.1),
    label: sweep(["plain"]),
    env: { size: 10, walls: { open: true } },
    layers: sweep([[64, 64]]),
  },
  replicates: replicate(2, { seed: 1 }),
  metrics: { y: metric.number(), size: metric.number() },
  trial({ parameters: p, random }) {
    const bonus = p.label.length + p.layers.length + (p.env.walls.open ? 1 : 0);
    return { y: p.x + random.float() + bonus, size: p.env.size };
  },
});
`;

const project = projectOf({ "grid.experiment.ts": grid, "folder/walk.experiment.ts": walk });
test.after(() => project.remove());

function levelsAfter(of: Project, ...args: readonly string[]): Record<string, readonly unknown[]> {
  const planned = of.lab("plan", "grid", ...args, "--json");
  assert.is(planned.code, 0, planned.all);
  const ran = of.lab("run", "grid", "--limit", "200", "-q", ...args);
  assert.is(ran.code, 0, ran.all);
  const rows = JSON.parse(of.lab("export", "json", "grid").stdout) as Record<string, unknown>[];
  return Object.fromEntries(
    ["label", "env", "layers"].map((name) => [
      name,
      [...new Set(rows.map((row) => String(row[name])))].map((text) =>
        /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text,
      ),
    ]),
  );
}

test("-S x=range(0,1,0.1) is sweep.range(0, 1, 0.1): nothing runs again", () => {
  assert.is(project.lab("run", "grid", "-q").code, 0);
  const planned = project.lab("plan", "grid", "-S", "x=range(0,1,0.1)", "--json");
  assert.is(planned.code, 0, planned.all);
  const [job] = (JSON.parse(planned.stdout) as { jobs: { fresh: number; reused: number }[] }).jobs;
  assert.equal([job?.fresh, job?.reused], [0, 20], planned.all);
});

test("one text with a comma is one level, one list one level, and an entry of an object is set by its name", () => {
  const { label } = levelsAfter(project, "-S", "x=0", "-S", 'label="a,b",c');
  assert.equal(label, ["a,b", "c"]);
  const { layers } = levelsAfter(project, "-S", "x=0", "-S", "layers=[64,64],[32]");
  assert.equal(layers, [[64, 64], [32]]);
  const { env } = levelsAfter(project, "-S", "x=0", "-S", "env.size=20,30", "-S", "env.walls.open=false");
  assert.equal(env, [
    { size: 20, walls: { open: false } },
    { size: 30, walls: { open: false } },
  ]);
});

test("a filter takes the same values, and refuses what no level is", () => {
  const trialsOf = (...args: readonly string[]) => {
    const planned = project.lab("plan", "grid", ...args, "--json");
    assert.is(planned.code, 0, planned.all);
    const [job] = (JSON.parse(planned.stdout) as { jobs: { wanted: number }[] }).jobs;
    return job?.wanted;
  };
  assert.is(trialsOf("--filter", "x=range(0,0.3,0.1)"), 6);
  assert.is(trialsOf("--filter", "env.size=10", "--filter", "replicate=1"), 10);
  assert.is(trialsOf("-S", 'label="a,b",a,b', "--filter", 'label="a,b"'), 20);
});

test("what is not understood is refused at the option, with the nearest form", () => {
  const said = (...args: readonly string[]) => {
    const ran = project.lab("plan", "grid", ...args);
    assert.is(ran.code, 2, ran.all);
    return ran.stderr;
  };
  assert.match(said("-S", "x=0.5..0.9"), /-S x: 0\.5\.\.0\.9 .*\n {2}Write linspace\(0\.5, 0\.9, 5\)/);
  assert.match(said("-S", "env.sise=20"), /env has no entry "sise"\n {2}Did you mean "size"\?/);
  assert.match(said("-S", "env.size=big"), /-S env\.size: big .* takes numbers/);
  assert.match(said("-S", "evn.size=20"), /evn\.size[\s\S]*"env"/);
  assert.match(said("--filter", "env.size=11"), /no level has it\n {2}There are 10/);
  assert.match(said("-S", "x=1", "-S", "x=2"), /-S x is given twice\n {2}.*x=1,2/);
  assert.match(said("-S", 'label="a'), /position 7 is a quote that is never closed/);
});

test("lab run and lab plan take files and folders as lab build does", () => {
  assert.match(project.lab("run", "folder/walk.experiment.ts").all, /20 run/);
  assert.match(project.lab("plan", "folder/").all, /walk/);
  assert.not.match(project.lab("plan", "folder/").all, /grid/);
  const none = project.lab("run", "nowhere.experiment.ts");
  assert.is(none.code, 2);
  assert.match(none.stderr, /nowhere\.experiment\.ts/);
});

test("of several experiments only those named by their files are registered", () => {
  const all = project.lab("build", "--register");
  assert.is(all.code, 2, all.all);
  assert.match(all.stderr, /which experiments to register\n {2}.*--register/);
  const one = project.lab("build", "grid.experiment.ts", "--register", "--json");
  assert.is(one.code, 0, one.all);
  const { registrations } = JSON.parse(one.stdout) as { registrations: { experiment: string }[] };
  assert.equal(
    registrations.map(({ experiment }) => experiment),
    ["grid"],
  );
});

const fragile = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "fragile",
  parameters: { level: sweep.range(0, 10), mood: sweep(["calm", "wild"]) },
  replicates: replicate(5, { seed: 1 }),
  metrics: { y: metric.number() },
  trial({ parameters: p, random, log, artifact }) {
    if (p.level === 3 && p.mood === "wild") throw new Error("it broke");
    log("ran");
    artifact("note.txt", "kept");
    return { y: p.level + random.float() };
  },
});
`;

test("an experiment's name is the newest run that holds it, whatever ran after", () => {
  assert.is(project.lab("run", "walk", "-q", "-S", "steps=10,40,50").code, 0);
  assert.is(project.lab("run", "grid", "-q").code, 0);
  const { runs } = JSON.parse(project.lab("list", "--json").stdout) as {
    runs: { id: string; experiments: string[] }[];
  };
  const older = runs.findLast(({ experiments }) => experiments.includes("walk"))!.id;
  for (const args of [
    ["status", "walk"],
    ["show", "walk"],
    ["show", "walk/0/0"],
    ["artifacts", "walk"],
    ["logs", "walk/0/0"],
    ["verify", "walk", "--sample", "2"],
    ["query", "select count(turned) as n from trials", "--run", "walk"],
    ["export", "csv", "walk"],
    ["compare", older, "walk"],
    ["report", "walk", "--format", "csv"],
  ]) {
    const ran = project.lab(...args);
    assert.is(ran.code, 0, ran.all);
  }
  const none = project.lab("report", "wlak");
  assert.is(none.code, 2, none.all);
  assert.match(
    none.stderr,
    /no run "wlak", and no experiment of that name has been run\n {2}Did you mean walk\?/,
  );
});

test("an id stays good after the code changed, and tells trials apart by its first digits", () => {
  const own = projectOf({ "fragile.experiment.ts": fragile });
  try {
    const ran = own.lab("run", "-q");
    assert.is(ran.code, 3, ran.all);
    const { unmeasured: failures } = JSON.parse(own.lab("status", "--json").stdout) as {
      unmeasured: { trial: string; condition: object; replicate: number }[];
    };
    assert.is(failures.length, 5);
    assert.is(new Set(failures.map(({ trial }) => trial.slice(0, 4))).size, 5, "four digits are enough here");
    const [{ trial, replicate } = { trial: "", replicate: -1 }] = failures;
    const before = own.lab("run", "--trial", trial.slice(0, 6), "--inline");
    assert.is(before.code, 3, before.all);
    assert.match(before.stdout, /fragile\.experiment\.ts:9:\d+/, "the author's line, not the bundle's");
    assert.not.match(before.stdout, /\.mjs/, before.all);

    const mended = fragile.replace("p.level === 3", "p.level === 33").replace("(0, 10)", "(-1, 10)");
    own.write("fragile.experiment.ts", mended);
    const after = own.lab("run", "--trial", trial, "--inline", "--json");
    assert.is(after.code, 0, after.all);
    const place = `fragile/9/${replicate}`;
    const placed = own.lab("run", "--trial", place, "--json");
    assert.is(placed.code, 0, placed.all);
    const idOf = (text: string) => (JSON.parse(text) as { trial: string }).trial;
    assert.is(idOf(after.stdout), idOf(placed.stdout), "the same condition and replicate");
    assert.match(own.lab("show", trial).all, /it broke/);

    own.write("fragile.experiment.ts", mended.replace("(-1, 10)", "(5, 10)"));
    const gone = own.lab("run", "--trial", trial, "--inline");
    assert.is(gone.code, 2, gone.all);
    assert.match(gone.stderr, /no longer in the design.*"level":3.*\n.*lab show [0-9a-f]{16} --run r0001/);
  } finally {
    own.remove();
  }
});

test.run();
