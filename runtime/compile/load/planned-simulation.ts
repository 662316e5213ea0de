// A trial that is a simulation of an orchestrator: its schema and base are read where they lie, configurations of the design and the metrics are
// held against the schema, and what a run needs of them goes into the plan. What is wrong is a problem at the line of the trial.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { simulationPort } from "../../../lib/experiment/grpc.ts";
import type { Json } from "../../../lib/experiment/json.ts";
import { type DefinitionProblem, problemOf } from "../../../lib/experiment/problem.ts";
import { configurationData } from "../../orchestrator/configuration.ts";
import { contractOf } from "../../orchestrator/contract.ts";
import {
  type MetricMisfit,
  metricMisfits,
  type SeriesMisfit,
  seriesMisfits,
} from "../../orchestrator/metric-fields.ts";
import { type Message, type ReadSchema, readSchema, type Schema } from "../../orchestrator/schema.ts";
import { misfitOf } from "../../orchestrator/values.ts";
import type { CommandFile } from "../../plan/plan.ts";
import type { PlannedSimulation } from "../../plan/planned-port.ts";
import { contentNamed } from "../../store/build-files.ts";
import type { LoadedExperiment } from "./loaded-experiment.ts";

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
  readonly problems: readonly DefinitionProblem[];
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
  const refused = (found: string, expected: string): ReadSimulation => ({
    planned: null,
    files: [],
    problems: [problemOf({ code: "bad-orchestrator", subject: "trial", found, expected })],
  });
  const [proto, baseFile] = [written.proto, written.base].map((name) =>
    name === null ? null : fileBeside(name, { root: place.root, file }),
  );
  const absent = [proto === null ? written.proto : null, baseFile === null ? written.base : null].find(
    (one) => one !== null,
  );
  if (absent != null || proto == null)
    return refused(JSON.stringify(absent), `a file in the folder of ${file} or below it: there is none`);
  let read: ReadSchema;
  try {
    read = await readSchema(proto, place.root);
  } catch (error) {
    return refused(
      error instanceof Error ? error.message : String(error),
      `a schema that can be read: ${written.proto}`,
    );
  }
  const contract = contractOf(read.schema, written);
  if ("found" in contract) return refused(contract.found, contract.expected);
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
  const { configuration: message } = contract;
  const misfit = await misfitInDesign(planned, {
    schema: read.schema,
    message: message === "text" ? null : message,
    settings,
  });
  return {
    planned,
    files: filesOf(read, baseFile ?? null, place),
    problems: [
      ...metricMisfits(read.schema, { field: contract.metrics, metrics, paths }).map((misfit) =>
        problemIn(`metric "${misfit.metric}"`, misfit),
      ),
      ...seriesMisfits(read.schema, {
        status: contract.methods.watch.output,
        fields: written.series,
        columns: (name) => columnsOf(series[name]),
      }).map((misfit) => problemIn(`series "${misfit.series}"`, misfit)),
      ...(misfit === null ? [] : [misfit]),
    ],
  };
}

/** Names of the columns that rows of a series have, by its JSON Schema. */
function columnsOf(series: LoadedExperiment["series"][string] | undefined): readonly string[] | null {
  const schema = series !== undefined && "schema" in series ? series.schema : null;
  const properties: unknown = Reflect.get(Object(schema), "properties");
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : null;
}

function problemIn(
  subject: string,
  { found, expected, candidates }: Omit<MetricMisfit, "metric"> | Omit<SeriesMisfit, "series">,
): DefinitionProblem {
  return expected === null
    ? problemOf({ code: "unknown-field", subject, found, candidates })
    : problemOf({ code: "wrong-field-type", subject, found, expected });
}

/** The first configuration of the design that cannot be made, or that the schema cannot hold; `message` null for text, which holds any. */
async function misfitInDesign(
  planned: PlannedSimulation,
  of: {
    readonly schema: Schema;
    readonly message: Message | null;
    readonly settings: readonly Readonly<Record<string, Json>>[];
  },
): Promise<DefinitionProblem | null> {
  for (const settings of of.settings) {
    let data: unknown;
    try {
      data = await configurationData(planned, settings);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      return problemOf({
        code: "bad-orchestrator",
        subject: "trial",
        found,
        expected: "a configuration that can be made",
      });
    }
    const misfit = of.message === null ? null : misfitOf(of.schema, of.message, data);
    if (misfit === null) continue;
    return problemIn(`configuration "${misfit.path}"`, misfit);
  }
  return null;
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
