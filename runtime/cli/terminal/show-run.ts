// One run in full: its manifest in words, what was done to it, what it cost, and what its arms took. What has no measurement and what comes
// next is said as `lab status` says it.

import { readActs } from "../../control/kept-acts.ts";
import { readTelling } from "../../control/kept-telling.ts";
import { actWords } from "../../event/act.ts";
import { ranAt } from "../../record/known-times.ts";
import { type ArmCost, armCostsOf, type Spread } from "../../run/arm-costs.ts";
import { readCharges, totalsOf } from "../../services/spending.ts";
import { bytesUnder } from "../../store/clean/folder-size.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { artifactsIn } from "../../store/kept/artifact-list.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import { rangeWords } from "./estimate-words.ts";
import { noteLine } from "./label-words.ts";
import { plainLine } from "./plain-text.ts";
import { say } from "./say.ts";
import { sayStanding, standingOf } from "./show-status.ts";
import { textTable } from "./text-table.ts";
import { countWords, durationWords, plural, sizeWords } from "./words.ts";

const armsShown = 40;

export async function showRun(store: ProjectStore, run: RunManifest, json: boolean): Promise<void> {
  const layout = runLayoutOf(store.layout, run.id);
  const standing = await standingOf(store, run);
  const facts = {
    experiments: await experimentsOf(store, run),
    selection: run.selection,
    provenance: run.provenance,
    acts: readActs(layout.acts),
    machines: machinesIn(layout.told),
    took: totalsOf(readCharges(layout.spending)),
    disk: diskOf(store, run),
    arms: await armCostsOf(store, run),
  };
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...standing, ...facts }, null, 2)}\n`);
    return;
  }
  const named = run.name === null ? "" : ` "${run.name}"`;
  say(process.stdout, `${run.id}${named}: ${standing.status}`);
  for (const line of factLines(run, facts)) say(process.stdout, line);
  if (standing.tags.length > 0) say(process.stdout, `tags: ${standing.tags.join(" ")}`);
  for (const note of standing.notes) say(process.stdout, noteLine(note));
  for (const act of facts.acts) say(process.stdout, `${timeWords(act.at)} ${plainLine(actWords(act))}`);
  sayStanding(standing, run);
  sayArms(facts.arms);
}

type Machine = ReturnType<typeof machinesIn>[number];

/** Hosts with the most that they took. */
function machinesIn(told: string) {
  return (readTelling(told)?.workers ?? []).map(({ host, threads, labels, most }) => ({
    host,
    threads,
    labels,
    coresMost: most.cpu,
    memoryMostMb: most.memoryMb,
  }));
}

function machineWords({ host, threads, coresMost, memoryMostMb }: Machine): string {
  const cores = coresMost === null ? "" : `${coresMost.toFixed(1)} cores and `;
  return `${plainLine(host)}: ${plural(threads, "thread")}, at most ${cores}${sizeWords(memoryMostMb * 1e6)} of memory`;
}

async function experimentsOf(store: ProjectStore, run: RunManifest) {
  const { experiments } = await store.planOf(run);
  return experiments
    .filter(({ name }) => run.experiments.includes(name))
    .map(({ name, file, replicates, admittedCount }) => ({
      name,
      file,
      conditions: admittedCount,
      replicates: replicates.count,
      seed: replicates.seed,
    }));
}

/** Bytes of the run's folder, and of the files that its own trials left. */
function diskOf(store: ProjectStore, run: RunManifest) {
  const files = new Map(
    artifactsIn(store.segments().filter((segment) => segment.run === run.id)).map((file) => [
      file.hash,
      file.bytes,
    ]),
  );
  const artifactBytes = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  return {
    runBytes: bytesUnder(runLayoutOf(store.layout, run.id).folder),
    artifacts: files.size,
    artifactBytes,
  };
}

function factLines(
  run: RunManifest,
  of: {
    readonly experiments: Awaited<ReturnType<typeof experimentsOf>>;
    readonly took: ReturnType<typeof totalsOf>;
    readonly disk: ReturnType<typeof diskOf>;
    readonly machines: ReturnType<typeof machinesIn>;
  },
): readonly string[] {
  const {
    startedAt,
    finishedAt,
    command,
    gitCommit,
    gitDirty,
    build,
    cpu,
    cores,
    memoryGb,
    platform,
    node,
    labwright,
  } = run.provenance;
  const ended =
    finishedAt === null
      ? "and nobody has seen its end yet"
      : `ended ${timeWords(finishedAt)} (${durationWords(Date.parse(finishedAt) - Date.parse(startedAt))})`;
  const { calls, tokens, usd } = of.took;
  const { runBytes, artifacts, artifactBytes } = of.disk;
  const { filter, limit, shard } = run.selection;
  const chosen = [
    ...Object.entries(filter).map(
      ([key, levels]) => `${key}=${levels.map((level) => JSON.stringify(level)).join(",")}`,
    ),
    ...(limit === null ? [] : [`at most ${plural(limit, "trial")} of each experiment`]),
    ...(shard === undefined ? [] : [`part ${shard.index} of ${shard.of}`]),
  ];
  const commit =
    gitCommit === null ? "no commit" : `commit ${gitCommit.slice(0, 12)}${gitDirty ? " with changes" : ""}`;
  const facts: readonly (readonly [string, string])[] = [
    [
      "when",
      run.imported === undefined ? `started ${timeWords(startedAt)}, ${ended}` : importedWhen(run.provenance),
    ],
    ["command", command],
    ...(run.imported === undefined
      ? ([
          ["machine", `${cpu}, ${plural(cores, "core")}, ${memoryGb} GB, ${platform}, Node ${node}`],
          ["code", `build ${build}, ${commit}, labwright ${labwright}`],
        ] as const)
      : ([
          ["from", `${run.imported.kind}, ${run.imported.path}`],
          ["unknown", run.imported.unknown.join(", ")],
        ] as const)),
    ...of.experiments.map(
      ({ name, file, conditions, replicates, seed }) =>
        [
          "design",
          `${name} (${file}): ${plural(conditions, "condition")}, ${plural(replicates, "replicate")}${run.imported === undefined ? `, seed ${seed}` : ""}`,
        ] as const,
    ),
    ...(chosen.length === 0 ? [] : [["only", chosen.join("; ")] as const]),
    ...(calls === 0
      ? []
      : [
          [
            "cost",
            `${plural(calls, "call")}, ${countWords(tokens)} tokens, ${Number(usd.toPrecision(4))} USD`,
          ] as const,
        ]),
    [
      "disk",
      `${sizeWords(runBytes)}${artifacts === 0 ? "" : `, and ${plural(artifacts, "file")} of trials, ${sizeWords(artifactBytes)}`}`,
    ],
    ...of.machines.map((machine) => ["host", machineWords(machine)] as const),
  ];
  return facts.map(([name, words]) => `${name.padEnd(9)}${plainLine(words)}`);
}

/** Of results of another tool: when they ran, as far as it is known, and when they came here. */
function importedWhen(provenance: RunManifest["provenance"]): string {
  const { startedAt, finishedAt } = ranAt(provenance);
  const from = startedAt === null ? "at an unknown time" : `from ${timeWords(startedAt)}`;
  const to = finishedAt === null ? "" : ` to ${timeWords(finishedAt)}`;
  return `ran ${from}${to}; imported ${timeWords(provenance.startedAt)}`;
}

function sayArms(arms: readonly ArmCost[]): void {
  if (arms.length === 0) return;
  const rows = arms.slice(0, armsShown).map(({ experiment, condition, trials, durationMs, bytes }) => [
    experiment,
    armWords(
      condition,
      arms.filter((arm) => arm.experiment === experiment),
    ),
    countWords(trials),
    durationMs === null ? "unknown" : durationWords(durationMs.median),
    durationMs === null ? "" : spreadWords(durationMs, durationWords),
    spreadWords(bytes, sizeWords),
  ]);
  const heading = ["experiment", "arm", "trials", "took", "nine of ten", "disk each"];
  say(process.stdout, `\n${textTable(heading, rows, [2, 3])}`);
  if (arms.length > armsShown)
    say(
      process.stdout,
      `and ${countWords(arms.length - armsShown)} more arms; \`lab show --json\` has them all`,
    );
}

/** The parameters in which the arms differ. */
function armWords(condition: ArmCost["condition"], arms: readonly ArmCost[]): string {
  const entries = Object.entries(condition).map(([key, value]) => [key, textOf(value)] as const);
  const differ = entries.filter(([key, value]) => arms.some((arm) => textOf(arm.condition[key]) !== value));
  return (differ.length === 0 ? entries : differ).map(([key, value]) => `${key}=${value}`).join(", ");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function spreadWords({ low, high }: Spread, words: (value: number) => string): string {
  return rangeWords(words(low), words(high));
}

/** "2026-01-31 14:05" */
function timeWords(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
