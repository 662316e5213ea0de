// A trial that is a simulation of an orchestrator: its schema and base are read where they lie, configurations of the design and the metrics are
// held against the schema, and what a run needs of them goes into the plan. What is wrong is a problem at the line of the trial.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { simulationPort } from "../../../lib/experiment/grpc.ts";
import type { Json } from "../../../lib/experiment/json.ts";
import { problemOf } from "../../../lib/experiment/problem.ts";
import { configurationData } from "../../orchestrator/configuration.ts";
import { contractOf, type Lack } from "../../orchestrator/contract.ts";
import {
  type ColumnTypes,
  type MetricMisfit,
  metricMisfits,
  type SeriesMisfit,
  seriesMisfits,
} from "../../orchestrator/metric-fields.ts";
import { type Message, type ReadSchema, readSchema, type Schema } from "../../orchestrator/schema.ts";
import { type Misfit, misfitsOf } from "../../orchestrator/values.ts";
import type { CommandFile } from "../../plan/plan.ts";
import type { PlannedSimulation } from "../../plan/planned-port.ts";
import { contentNamed } from "../../store/build-files.ts";
import type { TrialPart } from "../rules/place-in-trial.ts";
import type { LoadedExperiment, LoadedProblem } from "./loaded-experiment.ts";
import { nearestFile } from "./nearest-file.ts";
import { placeInBase } from "./place-in-base.ts";

interface Place {
  /** Absolute path of the project. */
  readonly root: string;
  /** Absolute path of the build's folder, and where in it what is kept goes. */
  readonly folder: string;
  readonly spaces: string;
}

interface ReadSimulation {
  /** Null where it cannot be read. */
  readonly planned: PlannedSimulation | null;
  /** What the trial is made of besides its code. */
  readonly files: readonly CommandFile[];
  readonly problems: readonly LoadedProblem[];
}

/** The experiment with what its orchestrator's schema and its base say. One whose trial is no simulation is as it was. */
export async function withSimulation(experiment: LoadedExperiment, place: Place): Promise<LoadedExperiment> {
  const port = experiment.effects[simulationPort];
  // Without a schema there is a problem already.
  if (experiment.simulation === null || port === undefined || experiment.simulation.written.proto === "")
    return experiment;
  const { planned, files, problems } = await readSimulation(experiment, experiment.simulation, place);
  const { site } = experiment.simulation;
  return {
    ...experiment,
    effects: {
      ...experiment.effects,
      [simulationPort]: { ...port, ...(planned !== null && { simulation: planned }) },
    },
    stages: experiment.stages.map((stage, index) =>
      index === experiment.stages.length - 1 ? { ...stage, files } : stage,
    ),
    problems: [...experiment.problems, ...problems.map((problem) => ({ ...problem, site }))],
  };
}

async function readSimulation(
  { file, metrics, series }: LoadedExperiment,
  { written, settings }: NonNullable<LoadedExperiment["simulation"]>,
  place: Place,
): Promise<ReadSimulation> {
  const refused = (
    option: string | null,
    what: Pick<Lack, "found" | "expected" | "candidates">,
  ): ReadSimulation => {
    const problem = problemOf({ code: "bad-orchestrator", subject: "trial", ...what });
    const part: TrialPart = { kind: "option", name: option ?? "proto" };
    return { planned: null, files: [], problems: [{ ...problem, part }] };
  };
  const [proto, baseFile] = [written.proto, written.base].map((name) =>
    name === null ? null : fileBeside(name, { root: place.root, file }),
  );
  const absent = [
    proto === null ? "proto" : null,
    baseFile === null && written.base !== null ? "base" : null,
  ].find((one) => one !== null);
  if (absent != null || proto == null)
    return refused(
      absent === "base" ? "configuration" : "proto",
      absence(absent === "base" ? written.base : written.proto, { root: place.root, file }),
    );
  let read: ReadSchema;
  try {
    read = await readSchema(proto, place.root);
  } catch (error) {
    return refused("proto", {
      found: error instanceof Error ? error.message : String(error),
      expected: `a schema that can be read: ${written.proto}`,
    });
  }
  const contract = contractOf(read.schema, written);
  if ("found" in contract) return refused(contract.option, contract);
  const paths = Object.fromEntries(Object.keys(metrics).map((name) => [name, written.metrics[name] ?? name]));
  const planned: PlannedSimulation = {
    schema: { files: read.files },
    sha256: read.sha256,
    service: contract.service,
    methods: written.methods,
    base: baseFile == null ? null : { name: path.basename(baseFile), text: readFileSync(baseFile, "utf8") },
    set: written.set,
    metrics: paths,
    series: written.series,
  };
  return {
    planned,
    files: filesOf(read, baseFile ?? null, place),
    problems: [
      ...metricMisfits(read.schema, { field: contract.metrics, metrics, paths }).map((misfit) =>
        problemIn(`metric "${misfit.metric}"`, misfit, { part: partOfMetric(misfit) }),
      ),
      ...seriesMisfits(read.schema, {
        status: contract.methods.watch.output,
        fields: written.series,
        columns: (name) => columnsOf(series[name]),
      }).map((misfit) => problemIn(`series "${misfit.series}"`, misfit, { part: partOfSeries(misfit) })),
      ...(await misfitsInDesign(planned, {
        schema: read.schema,
        message: contract.configuration === "text" ? null : contract.configuration,
        settings,
        base: baseFile == null ? null : path.relative(place.root, baseFile).split(path.sep).join("/"),
      })),
    ],
  };
}

function partOfMetric({ metric, category }: MetricMisfit): TrialPart {
  return category === undefined
    ? { kind: "metric", name: metric }
    : { kind: "category", metric, value: category };
}

/** `found` ends with the name, so that the nearest is told. */
function absence(
  name: string | null,
  { root, file }: { readonly root: string; readonly file: string },
): Pick<Lack, "found" | "expected" | "candidates"> {
  const near = nearestFile(path.dirname(path.join(root, file)), name ?? "");
  return {
    found: `there is no file ${name}`,
    expected: `a file in the folder of ${file} or below it`,
    candidates: near === null ? [] : [near],
  };
}

function partOfSeries({ series, column }: SeriesMisfit): TrialPart {
  return column === null ? { kind: "series", name: series } : { kind: "column", series, name: column };
}

/** The columns that rows of a series have, by its JSON Schema. */
function columnsOf(series: LoadedExperiment["series"][string] | undefined): ColumnTypes | null {
  const schema = series !== undefined && "schema" in series ? series.schema : null;
  const properties: unknown = Reflect.get(Object(schema), "properties");
  if (typeof properties !== "object" || properties === null) return null;
  return Object.fromEntries(
    Object.entries(properties).map(([name, column]: [string, unknown]) => {
      const type: unknown = Reflect.get(Object(column), "type");
      return [name, typeof type === "string" ? type : null];
    }),
  );
}

function problemIn(
  subject: string,
  { found, expected, candidates }: Pick<Misfit, "found" | "expected" | "candidates">,
  known: Pick<LoadedProblem, "part" | "place">,
): LoadedProblem {
  const problem =
    expected === null
      ? problemOf({ code: "unknown-field", subject, found, candidates })
      : problemOf({ code: "wrong-field-type", subject, found, expected, candidates });
  return { ...problem, ...known };
}

/** So many values of one part of the configuration are told; there may be as many as levels. */
const toldOfOneMax = 3;

/** What of the design's configurations cannot be made, or cannot be held by the schema; `message` null for text, which holds any. */
async function misfitsInDesign(
  planned: PlannedSimulation,
  of: {
    readonly schema: Schema;
    readonly message: Message | null;
    readonly settings: readonly Readonly<Record<string, Json>>[];
    /** Relative to the project. */
    readonly base: string | null;
  },
): Promise<readonly LoadedProblem[]> {
  const { schema, message } = of;
  const problems = new Map<string, LoadedProblem>();
  const counts = new Map<string, number>();
  for (const settings of of.settings) {
    let data: unknown;
    try {
      data = await configurationData(planned, settings);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      const expected = "a configuration that can be made";
      const problem = problemOf({ code: "bad-orchestrator", subject: "trial", found, expected });
      return [{ ...problem, part: { kind: "option", name: "configuration" } }];
    }
    for (const misfit of message === null ? [] : misfitsOf(schema, message, data)) {
      const key = JSON.stringify([misfit.path, misfit.found]);
      const told = counts.get(misfit.path) ?? 0;
      if (problems.has(key) || told >= toldOfOneMax) continue;
      counts.set(misfit.path, told + 1);
      const isSet = Object.keys(settings).some(
        (one) => misfit.path === one || misfit.path.startsWith(`${one}.`),
      );
      const value = misfit.expected === null ? null : misfit.found;
      const place =
        isSet || of.base === null ? null : await placeInBase(of.base, planned.base?.text ?? "", misfit.path);
      const known = place === null ? {} : { place };
      const part: TrialPart = { kind: "configuration", path: misfit.path, value };
      problems.set(key, problemIn(`configuration "${misfit.path}"`, misfit, { part, ...known }));
    }
  }
  return [...problems.values()];
}

function filesOf(
  read: ReadSchema,
  baseFile: string | null,
  { root, folder, spaces }: Place,
): readonly CommandFile[] {
  const made = (at: string, content: Buffer): CommandFile => {
    const source = path.relative(root, at).split(path.sep).join("/");
    const kept = contentNamed(`${spaces}/simulation`, ".file", content);
    mkdirSync(path.join(folder, spaces), { recursive: true });
    writeFileSync(path.join(folder, kept), content);
    return {
      path: path.basename(at),
      source,
      kept,
      sha256: createHash("sha256").update(content).digest("hex"),
    };
  };
  return [
    // By what the schema says: an edited comment makes nothing run again.
    ...read.paths.map((at) => made(at, Buffer.from(read.meaning))),
    ...(baseFile === null ? [] : [made(baseFile, readFileSync(baseFile))]),
  ].sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Absolute path of a file in the experiment's folder or below; null where there is none. */
function fileBeside(
  name: string,
  { root, file }: { readonly root: string; readonly file: string },
): string | null {
  const folder = path.dirname(path.join(root, file));
  const whole = path.resolve(folder, name);
  if (path.isAbsolute(name) || !existsSync(whole)) return null;
  const inside = path.relative(realpathSync(folder), realpathSync(whole));
  return inside === "" || inside.startsWith("..") || path.isAbsolute(inside) ? null : whole;
}
