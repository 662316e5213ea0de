// What a run tells people who are not watching it: one plain value, made once and put into words by each service.

/** When something is told. */
export const occasions = ["start", "finish", "failures", "budget", "arm", "stalled"] as const;
export type Occasion = (typeof occasions)[number];

/** The primary metric of one condition at the end of a run. */
export interface ToldMetric {
  readonly experiment: string;
  /** With its unit: "profitGain (share of the gap to monopoly)". */
  readonly metric: string;
  /** "firms = 2, discount = 0.95"; "(the only condition)" where nothing varies. */
  readonly condition: string;
  readonly mean: number;
  /** Of the mean, 95%; null where there is none. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Trials behind it. */
  readonly n: number;
}

export interface Notification {
  readonly occasion: Occasion;
  readonly level: "info" | "success" | "warning" | "failure";
  /** One line: "pricing: complete, 120 trials in 3 min". */
  readonly title: string;
  /** Further sentences, one a line. */
  readonly lines: readonly string[];
  readonly run: {
    readonly id: string;
    readonly experiments: readonly string[];
    /** Name of the project's folder, and of the machine. */
    readonly project: string;
    readonly machine: string;
  };
  /** "running" until the run ends. */
  readonly status: "running" | "complete" | "stopped" | "budget" | "aborted";
  readonly trials: {
    readonly done: number;
    readonly total: number;
    readonly unmeasured: number;
    readonly failed: number;
  };
  /** Milliseconds since the run was started. */
  readonly durationMs: number;
  /** At the end; empty before. */
  readonly metrics: readonly ToldMetric[];
  /** What findings say, a sentence each. */
  readonly findings: readonly string[];
  /** Messages of trials without a measurement, the most frequent first. */
  readonly failures: readonly { readonly message: string; readonly count: number }[];
  /** Paths on the machine of the run. */
  readonly links: readonly { readonly label: string; readonly path: string }[];
  readonly chart: { readonly title: string; readonly png: Uint8Array } | null;
}

/** The lines of a notification as plain text, for services without fields of their own. */
export function plainTextOf(told: Notification): string {
  const { lines, metrics, findings, failures, links, run } = told;
  return [
    ...lines,
    ...metrics.map(metricLine),
    ...findings,
    ...failures.map(failureLine),
    ...links.map(({ label, path }) => `${label}: ${path}`),
    `run ${run.id} of ${run.project} on ${run.machine}`,
  ].join("\n");
}

/** "firms = 2: 0.853 [0.841, 0.866], n = 40". */
export function metricLine({ metric, condition, mean, interval, n }: ToldMetric): string {
  const text = interval === null ? short : textBy((interval[1] - interval[0]) / 2);
  const around = interval === null ? "" : ` [${text(interval[0])}, ${text(interval[1])}]`;
  return `${metric}, ${condition}: ${text(mean)}${around}, n = ${n}`;
}

export function failureLine({ message, count }: Notification["failures"][number]): string {
  return `${count} x ${message}`;
}

/** A mean and both ends of its interval with as many decimals as three digits of the interval's half take. */
function textBy(half: number): (value: number) => string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(half)));
  return decimals > 8 || half > 1e6 || !Number.isFinite(decimals)
    ? short
    : (value) => value.toFixed(decimals);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Text cut to `most` characters, with an ellipsis where something was cut; never in the middle of a surrogate pair. */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
