// Made-up but seeded results in the shape that the store gives, for the tests of every part of reports/. No experiment behind
// them was ever run: values come from a formula, so that a test knows the true means.
import type { AnalysisSpec, MetricSpec, Replicates } from "../../lib/experiment/definition.ts";
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import type {
  ExperimentSummary,
  FactorSummary,
  Provenance,
  RunResults,
  SeriesTable,
  TrialTable,
} from "../../runtime/record/trial-table.ts";

export const provenance: Provenance = {
  run: "r-7f3a",
  runName: "synthetic",
  build: "b-19c2",
  startedAt: "2026-01-19T12:00:00.000Z",
  finishedAt: "2026-01-19T12:03:20.000Z",
  labwright: "0.1.0",
  node: "v20.20.2",
  platform: "linux x64",
  cpu: "A processor",
  cores: 2,
  memoryGb: 8,
  gitCommit: "0123456789abcdef0123456789abcdef01234567",
  gitDirty: false,
  lockfileHash: "sha256-aaaa",
  packages: { labwright: "0.1.0", zod: "4.6.7" },
  command: "npx lab run patience",
};

/** A small generator for fixtures alone: Mulberry32, then Box-Muller. */
export function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function numberMetric(options: Partial<MetricSpec> = {}): MetricSpec {
  return {
    type: "number",
    unit: null,
    range: null,
    direction: null,
    optional: false,
    categories: null,
    description: null,
    ...options,
  };
}

export interface SyntheticOptions {
  readonly name?: string;
  readonly question?: string | null;
  readonly factors: Readonly<Record<string, readonly unknown[]>>;
  /** What the space says of a factor beside its levels. */
  readonly declared?: Readonly<Record<string, Partial<FactorSummary>>>;
  /** Which combinations of levels are conditions; all unless told. */
  admits?(condition: Readonly<Record<string, unknown>>): boolean;
  readonly replicates: number;
  readonly pairing?: Replicates["pairing"];
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  readonly primary?: string | null;
  readonly analyses?: readonly AnalysisSpec[];
  readonly series?: readonly string[];
  readonly seed?: number;
  /** Value of a metric in one trial; `replicateNoise` is the same in all conditions of a replicate, `noise` is not. */
  value(of: {
    readonly metric: string;
    readonly condition: Readonly<Record<string, unknown>>;
    readonly replicate: number;
    readonly noise: number;
    readonly replicateNoise: number;
  }): number;
  /** Outcome of one trial; measured unless told. */
  outcome?(of: {
    readonly condition: Readonly<Record<string, unknown>>;
    readonly replicate: number;
  }): { readonly code: number; readonly message: string } | null;
  /** Values of a metric from this cap on are censored there, by condition; none unless told. */
  cap?(of: {
    readonly metric: string;
    readonly condition: Readonly<Record<string, unknown>>;
    readonly replicate: number;
  }): number | null;
}

/** A trial table over the cross product of the factors, replicate-major. */
export function syntheticTable(options: SyntheticOptions): TrialTable {
  const conditions = crossProduct(options.factors).filter((one) => options.admits?.(one) ?? true);
  const rows = conditions.length * options.replicates;
  const metrics = Object.fromEntries(
    Object.keys(options.metrics).map((name) => [name, new Float64Array(rows).fill(Number.NaN)]),
  );
  const condition = new Uint32Array(rows);
  const replicate = new Uint32Array(rows);
  const outcome = new Uint8Array(rows);
  const message = new Map<number, string>();
  const censored = new Map<number, { metric: string; bound: number }>();
  const draw = normals(options.seed ?? 1);
  for (let r = 0, row = 0; r < options.replicates; r++) {
    const replicateNoise = draw();
    for (let c = 0; c < conditions.length; c++, row++) {
      condition[row] = c;
      replicate[row] = r;
      const lost = options.outcome?.({ condition: conditions[c]!, replicate: r }) ?? null;
      if (lost !== null) {
        outcome[row] = lost.code;
        message.set(row, lost.message);
      } else outcome[row] = outcomeCodes.measured;
      for (const name of Object.keys(metrics)) {
        const value = options.value({
          metric: name,
          condition: conditions[c]!,
          replicate: r,
          noise: draw(),
          replicateNoise,
        });
        if (lost !== null) continue;
        const cap = options.cap?.({ metric: name, condition: conditions[c]!, replicate: r }) ?? null;
        if (cap === null || value < cap) metrics[name]![row] = value;
        else {
          outcome[row] = outcomeCodes.censored;
          censored.set(row, { metric: name, bound: cap });
        }
      }
    }
  }
  return {
    experiment: summaryOf(options),
    conditions,
    rows,
    condition,
    replicate,
    outcome,
    message,
    censored,
    metrics,
    durationMs: new Float32Array(rows).fill(12),
    telemetry: {},
  };
}

/** Results of one run over the given tables; series by "experiment/name". */
export function syntheticResults(
  tables: readonly TrialTable[],
  series: Readonly<Record<string, SeriesTable>> = {},
): RunResults {
  return {
    provenance,
    tables,
    series: async (experiment, name) => {
      const table = series[`${experiment}/${name}`];
      if (table === undefined) throw new Error(`The fixture has no series ${experiment}/${name}.`);
      return table;
    },
  };
}

/** Two factors, fifty replicates, three metrics: the experiment that most tests of reports/ read. */
export function patienceTable(options: Partial<SyntheticOptions> = {}): TrialTable {
  return syntheticTable({
    name: "patience",
    question: "Do more patient pricing algorithms sustain higher prices?",
    factors: { firms: [2, 3], discount: [0, 0.5, 0.95] },
    replicates: 50,
    metrics: {
      profitGain: numberMetric({
        unit: "share of the gap to monopoly",
        range: [null, 1],
        direction: "maximize",
      }),
      periods: numberMetric({ type: "integer", unit: "periods" }),
      converged: numberMetric({ type: "boolean" }),
    },
    primary: "profitGain",
    value: ({ metric, condition, noise, replicateNoise }) => {
      const discount = Number(condition.discount);
      const firms = Number(condition.firms);
      if (metric === "profitGain")
        return Math.min(1, 0.1 + 0.7 * discount - 0.08 * (firms - 2) + 0.08 * noise + 0.05 * replicateNoise);
      if (metric === "periods") return Math.round(500_000 + 400_000 * discount + 90_000 * noise);
      return noise > -1.5 ? 1 : 0;
    },
    ...options,
  });
}

function summaryOf(options: SyntheticOptions): ExperimentSummary {
  return {
    name: options.name ?? "synthetic",
    description: null,
    question: options.question ?? null,
    file: `experiments/${options.name ?? "synthetic"}.experiment.ts`,
    factors: Object.entries(options.factors).map(([name, levels]) => ({
      name,
      levels,
      branch: null,
      zippedWith: [],
      sampled: null,
      ...options.declared?.[name],
    })),
    constants: { memory: 1 },
    metrics: options.metrics,
    primary: options.primary ?? null,
    series: options.series ?? [],
    replicates: {
      count: options.replicates,
      seed: 2020,
      seeds: null,
      pairing: options.pairing ?? "independent",
      until: null,
    },
    analyses: options.analyses ?? [],
  };
}

function crossProduct(
  factors: Readonly<Record<string, readonly unknown[]>>,
): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(factors).reduce<readonly Readonly<Record<string, unknown>>[]>(
    (conditions, [name, levels]) =>
      conditions.flatMap((condition) => levels.map((level) => ({ ...condition, [name]: level }))),
    [{}],
  );
}
