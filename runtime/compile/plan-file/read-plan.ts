// A plan file as data: an experiment in YAML or JSON with everything that is wrong with it, at line and column. What is right becomes a
// module (plan-module.ts), and from there on nothing knows that it was not written as one.
import { readFileSync } from "node:fs";
import path from "node:path";
import { problemOf } from "../../../lib/experiment/problem.ts";
import type { Diagnostic, Result, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { missingPlanKey, planSyntax } from "../../diagnostic/plan-file-messages.ts";
import { definitionProblem } from "../../diagnostic/problem-messages.ts";
import { type BaseConfig, checkAgainstBase, leftAlone, readBase } from "./base-config.ts";
import { code, nodeText } from "./code-text.ts";
import type { Part } from "./module-text.ts";
import type { PlanAllow } from "./plan-allows.ts";
import { type Entry, type Noted, type PlanNode, parsePlanText } from "./plan-document.ts";
import { type PlanMetric, plain, readTracked, type Tracked } from "./plan-metrics.ts";
import { type PlanOrchestrator, readOrchestrator } from "./plan-orchestrator.ts";
import { nameOfPath, type PlanParameter, type PlanSpace, readSpace } from "./plan-parameters.ts";
import { type PlanModule, type PlanProgram, readModule, readProgram } from "./plan-program.ts";
import { bad, membersOf, type Reading, textOf, textsOf, wholeOf } from "./plan-reading.ts";
import { type PlanSequence, readSequence, sequenceKey } from "./plan-sequence.ts";
import type { PlanSeries } from "./plan-series.ts";

/** An experiment as a plan file says it. */
export interface PlanFile {
  /** Relative to the project, forward slashes. */
  readonly file: string;
  readonly name: Noted<string>;
  readonly description: string | null;
  readonly question: string | null;
  readonly tags: Noted<readonly string[]> | null;
  readonly space: PlanSpace;
  /** Values of the base configuration that a trial function gets as constants; none for a program, which gets the file. */
  readonly constants: readonly PlanParameter[];
  readonly base: BaseConfig | null;
  readonly replicates: Noted<number> | null;
  readonly seed: Noted<number> | null;
  readonly timeout: Noted<string> | null;
  readonly metrics: readonly PlanMetric[];
  readonly series: readonly PlanSeries[];
  readonly primary: Noted<string> | null;
  readonly runs: PlanProgram | PlanModule | PlanOrchestrator;
  /** What happens in the course of a simulation; null where nothing is said of it. */
  readonly sequence: PlanSequence | null;
  /** Comments that allow what a rule finds. */
  readonly allows: readonly PlanAllow[];
}

const keys = [
  "experiment_name",
  "experiment_id",
  "description",
  "question",
  "tags",
  "base_config_file_path",
  "parameter_space",
  "num_replicates_per_run",
  "seed",
  "program",
  "module",
  "orchestrator",
  "metrics_to_track",
  "primary_metric",
  "timeout",
  "execution_sequence",
];

const exampleProgram =
  "program: python3 train.py --config {config}, or module: simulate.ts, or orchestrator: { proto, address }";

/** Reads the plan file `file` of the project `root`. */
export function readPlan(root: string, file: string): Result<PlanFile, readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  const reading: Reading = { file, say: (problem) => problems.push(problem) };
  const {
    root: document,
    problems: unread,
    allows,
  } = parsePlanText(file, readFileSync(path.join(root, file), "utf8"));
  if (unread.length > 0) return { ok: false, error: unread };
  const start: SourcePlace = { file, line: 1, column: 1, length: 1 };
  if (document === null || document.entries === null) {
    const place = document?.place ?? start;
    return {
      ok: false,
      error: [planSyntax({ place, text: "a plan is a mapping from keys such as experiment_name" })],
    };
  }
  const plan = planOf(reading, { root, document, entries: document.entries, start, allows });
  return plan === null || problems.length > 0 ? { ok: false, error: problems } : { ok: true, value: plan };
}

function planOf(
  reading: Reading,
  of: {
    readonly root: string;
    readonly document: PlanNode;
    readonly entries: readonly Entry[];
    readonly start: SourcePlace;
    readonly allows: readonly PlanAllow[];
  },
): PlanFile | null {
  const parts = membersOf(reading, of.entries, { within: "a plan file", known: keys });
  const name = nameOf(reading, parts);
  if (name === null && !parts.has("experiment_name") && !parts.has("experiment_id"))
    reading.say(
      missingPlanKey({ place: of.start, key: "experiment_name", example: "experiment_name: learning-rates" }),
    );
  const spaced = parts.get("parameter_space");
  if (spaced === undefined)
    reading.say(
      missingPlanKey({
        place: of.start,
        key: "parameter_space",
        example: "parameter_space: { lr: [0.1, 0.01] }",
      }),
    );
  const space = spaced === undefined ? { grid: [], combinations: null } : readSpace(reading, spaced);
  const based = parts.get("base_config_file_path");
  const base =
    based === undefined ? null : readBase(reading, based, { root: of.root, isKept: parts.has("program") });
  const own = [...space.grid, ...(space.combinations?.parameters ?? [])];
  if (base !== null) checkAgainstBase(reading, base, own);
  const runs = runsOf(reading, {
    parts,
    start: of.start,
    paths: new Map(own.map((each) => [each.path, each.name])),
  });
  const sequence = readSequence(reading, parts.get(sequenceKey), base);
  const constants = runs?.kind === "module" ? constantsOf(base, { own, sequence }) : [];
  checkNames(reading, [...own, ...constants]);
  const filled = filledSpace(reading, space, base);
  const { metrics, series } = trackedOf(reading, { parts, runs, start: of.start });
  const texts = {
    description: textOf(reading, parts.get("description")),
    question: textOf(reading, parts.get("question")),
  };
  const tags = noted(parts.get("tags"), (entry) => textsOf(reading, entry, "a list of texts"));
  const title = parts.get("experiment_name")?.node.value;
  const titled = typeof title === "string" && title !== name?.value ? title : null;
  const counted = noted(parts.get("num_replicates_per_run"), (entry) =>
    wholeOf(reading, entry, { least: 1, expected: "a whole number from 1" }),
  );
  const seed = noted(parts.get("seed"), (entry) =>
    wholeOf(reading, entry, { least: 0, expected: "a whole number from 0 to 2^53-1" }),
  );
  const timeout = noted(parts.get("timeout"), (entry) => textOf(reading, entry, 'text such as "10m"'));
  const primary = noted(parts.get("primary_metric"), (entry) =>
    textOf(reading, entry, "the name of a metric"),
  );
  if (name === null || runs === null) return null;
  return {
    file: reading.file,
    name,
    description: [titled, texts.description].filter((text) => text !== null).join(": ") || null,
    question: texts.question,
    tags,
    space: filled,
    constants,
    base,
    replicates: counted,
    seed,
    timeout,
    metrics,
    series,
    primary: primary === null ? null : { ...primary, value: nameOfPath(primary.value) },
    runs,
    sequence,
    allows: of.allows,
  };
}

function noted<T>(entry: Entry | undefined, read: (entry: Entry) => T | null): Noted<T> | null {
  const value = entry === undefined ? null : read(entry);
  return entry === undefined || value === null ? null : { value, place: entry.node.place };
}

/** The id, or the name: as text with what a name cannot hold turned into dashes. */
function nameOf(reading: Reading, parts: ReadonlyMap<string, Entry>): Noted<string> | null {
  const entry = parts.get("experiment_id") ?? parts.get("experiment_name");
  if (entry === undefined) return null;
  const { value } = entry.node;
  if (typeof value !== "string" && typeof value !== "number")
    return bad(reading, entry.node, entry.key, "text");
  const name = String(value)
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-._]+|-+$/g, "");
  if (name === "") return bad(reading, entry.node, entry.key, "text with letters or digits");
  return { value: name, place: entry.node.place };
}

function runsOf(
  reading: Reading,
  of: {
    readonly parts: ReadonlyMap<string, Entry>;
    readonly start: SourcePlace;
    readonly paths: ReadonlyMap<string, string>;
  },
): PlanFile["runs"] | null {
  const given = ["program", "module", "orchestrator"].flatMap((name) => of.parts.get(name) ?? []);
  const second = given[1];
  if (second !== undefined)
    return bad(reading, second.node, second.key, "one of program, module and orchestrator", second.place);
  const [program, module, orchestrator] = ["program", "module", "orchestrator"].map((name) =>
    of.parts.get(name),
  );
  if (orchestrator !== undefined)
    return readOrchestrator(reading, orchestrator, of.parts.get("metrics_to_track")?.place);
  if (program !== undefined) return readProgram(reading, program, of.paths);
  if (module !== undefined) return readModule(reading, module);
  reading.say(missingPlanKey({ place: of.start, key: "program", example: exampleProgram }));
  return null;
}

/** What a trial function gets besides the parameters: the rest of the base, and the sequence. */
function constantsOf(
  base: BaseConfig | null,
  of: { readonly own: readonly Pick<PlanParameter, "path">[]; readonly sequence: PlanSequence | null },
): readonly PlanParameter[] {
  const constant = (at: string, value: Part, place: SourcePlace): PlanParameter => ({
    path: at,
    name: nameOfPath(at),
    place,
    code: value,
    levels: null,
  });
  const { own, sequence } = of;
  return [
    ...(base === null
      ? []
      : leftAlone(base, own).map(([at, value]) => constant(at, code(value), base.place))),
    ...(sequence === null ? [] : [constant(sequenceKey, nodeText(sequence.node), sequence.place)]),
  ];
}

/** Two paths may have one name: "a.b" and "a_b". */
function checkNames(reading: Reading, parameters: readonly Pick<PlanParameter, "name" | "place">[]): void {
  const seen = new Set<string>();
  for (const { name, place } of parameters) {
    if (seen.has(name))
      reading.say(
        definitionProblem(problemOf({ code: "duplicate-parameter", subject: `parameter "${name}"` }), place),
      );
    seen.add(name);
  }
}

/** Combinations with every parameter that any of them has: one that is left out has the value of the base configuration. */
function filledSpace(reading: Reading, space: PlanSpace, base: BaseConfig | null): PlanSpace {
  const { combinations } = space;
  if (combinations === null) return space;
  const rows = combinations.rows.map(({ place, values, ...written }) => {
    const filled = combinations.parameters.flatMap(
      ({ path: at }): readonly (readonly [string, unknown])[] => {
        if (values.has(at)) return [[at, values.get(at)]];
        if (base?.leaves.has(at) === true) return [[at, base.leaves.get(at)]];
        if (base === null || base.paths.has(at))
          bad(
            reading,
            { place, value: Object.fromEntries(values), entries: null, items: null },
            "a combination",
            `"${at}" in it, which others have`,
          );
        return [];
      },
    );
    return { place, values: new Map(filled), ...written };
  });
  return { ...space, combinations: { ...combinations, rows } };
}

/** As the plan lists them; else those that the program's metrics name. */
function trackedOf(
  reading: Reading,
  of: {
    readonly parts: ReadonlyMap<string, Entry>;
    readonly runs: PlanFile["runs"] | null;
    readonly start: SourcePlace;
  },
): Tracked {
  const tracked = of.parts.get("metrics_to_track");
  if (tracked !== undefined) return readTracked(reading, tracked, of.runs?.kind ?? null);
  const source = of.parts.get("program")?.node.entries?.find(({ key }) => key === "metrics")?.node;
  const named = source?.entries?.find(({ key }) => key === "output" || key === "names")?.node.entries ?? [];
  if (named.length > 0)
    return { metrics: named.map(({ key, place }) => plain(key, place, "number")), series: [] };
  if (of.runs !== null)
    reading.say(
      missingPlanKey({ place: of.start, key: "metrics_to_track", example: "metrics_to_track: [win_rate]" }),
    );
  return { metrics: [], series: [] };
}
