// The identity of a job: one hash of everything that decides what its units return, but for condition and replicate. The parts are
// kept apart as well, so that `lab why` can name the one that changed. jobIdOf is the only maker of a JobId.
import { createHash } from "node:crypto";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { SEED_SCHEME } from "../../../lib/random/seed-of.ts";
import type { IdentityPart, JobId } from "../../plan/plan.ts";
import { semanticsVersion } from "../../plan/semantics.ts";
import type { LoadedExperiment, LoadedStage } from "../load/loaded-experiment.ts";
import type { StageCode } from "../slice/stage-code.ts";

/** How many hexadecimal digits a job's id has. */
const digits = 16;

export interface JobIdentity {
  readonly id: JobId;
  readonly parts: readonly IdentityPart[];
}

/** The identity of one stage of one experiment. `upstream` has the hash of each input by its key. */
export function jobIdOf(of: {
  readonly experiment: LoadedExperiment;
  readonly stage: LoadedStage;
  readonly code: StageCode;
  readonly upstream: ReadonlyMap<string, string>;
}): JobIdentity {
  const { experiment, stage, code, upstream } = of;
  const decisive: IdentityPart[] = [
    { kind: "semantics", name: "labwright", hash: hashOf(semanticsVersion) },
    ...seedParts(experiment, stage),
    ...[...upstream].map(([name, hash]): IdentityPart => ({ kind: "upstream", name, hash })),
    ...code.outside,
    ...(stage.files ?? []).map(
      ({ source, sha256 }): IdentityPart => ({ kind: "file", name: source, hash: sha256 }),
    ),
  ];
  const { metrics: declared } = stage.name === "trial" ? experiment : stage;
  const metrics: IdentityPart[] =
    declared === undefined
      ? []
      : [{ kind: "symbol", name: `${experiment.file}#metrics`, hash: metricsHash(declared) }];
  decisive.sort(byKindAndName);
  // The file that declares the metrics is named for people; an experiment that moves to another keeps its trials.
  const id = hashOf([
    code.slice,
    ...metrics.map(({ hash }) => hash),
    ...decisive.map(({ kind, name, hash }) => [kind, name, hash]),
  ]);
  // The one place that brands: every JobId is made here. Symbols explain the slice's hash and are not counted twice.
  return {
    id: id.slice(0, digits) as JobId,
    parts: [...decisive, ...metrics, ...code.symbols].sort(byKindAndName),
  };
}

/** SHA-256 of the canonical JSON of a value, in hexadecimal. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(conditionKeyOf(value)).digest("hex");
}

/** What a unit's random numbers start from, besides its condition and replicate: the names, and the root. */
function seedParts(experiment: LoadedExperiment, stage: LoadedStage): IdentityPart[] {
  const { seed, pairing, seeds } = experiment.replicates;
  const names = [SEED_SCHEME, experiment.name, stage.name, stage.per, usesOf(stage)];
  return [
    { kind: "seed", name: "names", hash: hashOf(names) },
    // An explicit list counts unit by unit (a trial's id holds its seed), so that a longer list keeps the earlier trials.
    { kind: "seed", name: "root", hash: hashOf([seed, pairing, seeds !== null]) },
  ];
}

function usesOf(stage: LoadedStage): readonly string[] | "all" {
  return stage.uses === "all" ? "all" : [...stage.uses].sort();
}

/** What a trial must return to be measured. Units, directions and descriptions are for reading only. */
function metricsHash(metrics: LoadedExperiment["metrics"]): string {
  const rules = Object.entries(metrics).map(([name, metric]) => [
    name,
    { type: metric.type, optional: metric.optional, range: metric.range, categories: metric.categories },
  ]);
  return hashOf(Object.fromEntries(rules));
}

function byKindAndName(a: IdentityPart, b: IdentityPart): number {
  const left = `${a.kind} ${a.name}`;
  const right = `${b.kind} ${b.name}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
