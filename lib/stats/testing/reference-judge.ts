// Judges one reference case: every number of `expected` against ours, to 1e-9 relative unless the case, or the known
// precision of the reference itself, says otherwise. Each exception below names why it is one.
import { StatisticsRefusal } from "../refusal.ts";
import { type Answer, CaseContext, type ReferenceCase, type ReferenceFile } from "./reference-case.ts";

/** How a case ended. "x-only": this data set is judged by exact arithmetic alone, ours only had to give a sound answer. */
export type ReferenceOutcome = "passed" | "refused" | "degenerate" | "x-only" | "failed";

/** The outcome with what went wrong. */
export interface Judgement {
  readonly outcome: ReferenceOutcome;
  readonly problems: readonly string[];
}

interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

const RELATIVE = 1e-9;

/** Judges one case of the file with the method's answer. */
export async function judge(
  file: ReferenceFile,
  reference: ReferenceCase,
  answer: Answer,
): Promise<Judgement> {
  const base = (reference.data ?? "").split("/").slice(0, 2).join("/");
  const degenerate = file.meta.degenerate?.includes(base) ?? false;
  const wantsError = isRecord(reference.expected) && "error" in reference.expected;
  let actual: unknown;
  try {
    actual = await answer(new CaseContext(file, reference));
  } catch (error) {
    if (!(error instanceof StatisticsRefusal)) return { outcome: "failed", problems: [String(error)] };
    if (degenerate || wantsError || onlyNaN(reference.expected)) return { outcome: "refused", problems: [] };
    return { outcome: "failed", problems: [`refused: ${error.message}`] };
  }
  const nan = findNaN(actual, reference.expected);
  if (nan !== undefined) return { outcome: "failed", problems: [`NaN at ${nan}`] };
  if (onlyNaN(reference.expected))
    return { outcome: "failed", problems: ["a made-up answer where the reference has none"] };
  if (degenerate) return { outcome: "degenerate", problems: [] };
  if (wantsError) return { outcome: "passed", problems: [] };
  if (xOnly(file, reference)) return { outcome: "x-only", problems: [] };
  const problems: string[] = [];
  compare({ reference, path: "", expected: reference.expected, actual, scale: 0, problems });
  return { outcome: problems.length === 0 ? "passed" : "failed", problems };
}

interface Comparison {
  readonly reference: ReferenceCase;
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** The record of ours that `actual` is a field of. */
  readonly beside?: unknown;
  /** Size of the numbers beside it (the other end of an interval), below which a difference is rounding. */
  readonly scale: number;
  readonly problems: string[];
}

function compare(it: Comparison): void {
  const { reference, path, expected, actual, problems } = it;
  if (typeof expected === "number") {
    const gap = typeof actual === "number" ? Math.abs(actual - expected) : Number.NaN;
    const { relative, absolute } = toleranceOf(it);
    if (gap <= relative * Math.max(Math.abs(expected), it.scale) + absolute || actual === expected) return;
    if (stoppedEarly(it, it.beside)) return;
    // A probability above 1 (coin on identical samples) is the reference's own rounding.
    if (/(^|[.])p$/.test(path) && expected > 1 && actual === 1) return;
    problems.push(`${path}: expected ${expected}, got ${String(actual)}`);
    return;
  }
  if (expected === "Infinity" || expected === "-Infinity") {
    if (actual !== Number(expected)) problems.push(`${path}: expected ${expected}, got ${String(actual)}`);
    return;
  }
  // A reference without a number, and labels, say nothing to compare.
  if (expected === null || typeof expected !== "object") return;
  if (ignored(reference, path)) return;
  const entries = Object.entries(expected);
  const sizes =
    Array.isArray(expected) || "low" in expected
      ? entries.map(([, value]) => (typeof value === "number" ? Math.abs(value) : 0))
      : [];
  for (const [key, value] of entries) {
    const below = path === "" ? key : `${path}.${key}`;
    if (ignored(reference, below)) continue;
    const interval = /^(ci|ci90|percentile|basic|BCa)$/.test(path) || key === "low" || key === "high";
    const scale = interval ? Math.max(...sizes) : 0;
    const found =
      isRecord(actual) || Array.isArray(actual) ? (actual as Record<string, unknown>)[key] : undefined;
    compare({ reference, path: below, expected: value, actual: found, beside: actual, scale, problems });
  }
}

/** Parts of an answer that the file's own precedence leaves to another source. */
function ignored(reference: ReferenceCase, path: string): boolean {
  const field = path.split(".").at(-1)!;
  // meta.precedence: for Tukey and Games-Howell SciPy beats R for p and interval (R's ptukey is off below 20 df).
  if (["tukey_hsd", "games_howell"].includes(reference.method) && reference.source.startsWith("R "))
    return ["p", "p_rounded", "low", "high"].includes(field);
  // Indices and labels of a pair were used to find it.
  return ["i", "j", "pair", "rows", "cols"].includes(field);
}

function toleranceOf(it: Comparison): Tolerance {
  const { reference, path } = it;
  const field = path.split(".").at(-1)!;
  if (reference.tol !== undefined)
    return { relative: reference.tol, absolute: reference.tol === 1e-4 ? 0 : reference.tol };
  const { method, source } = reference;
  // Monte Carlo answers: five standard deviations of the difference of two such answers.
  if (reference.mc_sd_at_25000 !== undefined) {
    const sd = reference.mc_sd_at_25000[path.split(".")[0]!]?.[Number(field)] ?? 0;
    return { relative: RELATIVE, absolute: 5 * sd * Math.SQRT2 };
  }
  if (reference.mc_sd_at_20000 !== undefined)
    return { relative: RELATIVE, absolute: 5 * (reference.mc_sd_at_20000[Number(field)] ?? 0) * Math.SQRT2 };
  if (reference.mc_sd !== undefined)
    return { relative: RELATIVE, absolute: 5 * reference.mc_sd * Math.SQRT2 + 1e-4 };
  // coin counts arrangements whose standardised statistic lies within 1.5e-8 of the observed one as tied with it.
  if (method === "permutation_ind_exact" && source.includes("coin") && field === "p")
    return { relative: 1e-6, absolute: 0 };
  // SciPy 1.10's t.ppf (cdflib) stops at 1e-8, and statsmodels' power and sample sizes rest on it.
  if (/^power_/.test(method) && /scipy|statsmodels/.test(source)) return { relative: 2e-8, absolute: 0 };
  // R's coxph has converged to 1e-9 where cox.zph starts (the file's meta.tolerance).
  if (method === "cox_zph") return { relative: 1e-5, absolute: 0 };
  const stated = statedTolerance(method, field, it);
  if (stated !== null) return stated;
  // R's noncentral pf stops its series at an absolute error of 1e-9 (nmath/pnbeta.c).
  if (method === "power_anova" && field === "power") return { relative: RELATIVE, absolute: 1e-9 };
  return { relative: RELATIVE, absolute: ABSOLUTE };
}

/** What the reference files themselves say of their programs: root finding, optimisers and splines that stop early. */
function statedTolerance(method: string, field: string, it: Comparison): Tolerance | null {
  const expected = Number(it.expected);
  switch (method) {
    case "fisher":
    case "odds_ratio_midp":
    case "cmh_exact":
      if (field === "p" || field === "midp") return null;
      // R's uniroot stops at 1.2e-4 of the odds ratio, or of its reciprocal where that is above 1.
      return { relative: 1e-4, absolute: 1.3e-4 * Math.max(1, expected ** 2) };
    case "negative_binomial_regression":
      // MASS takes the information one step before theta has converged to 1.2e-4.
      return { relative: field === "se_theta" ? 3e-4 : 1e-5, absolute: 0 };
    case "barnard":
      // SciPy compares z without a tolerance, so that tables which tie exactly may be left out of its p.
      if (field === "p" && Number(it.actual) > expected) return { relative: 0, absolute: 2e-3 };
      return { relative: 1e-3, absolute: 1e-6 };
    case "max_t_sandwich":
      // R integrates by random points.
      return field === "estimate" || field === "se" ? null : { relative: 0, absolute: 1e-3 };
    case "holm_step_down_max_t":
      return /^p[.]/.test(it.path) ? { relative: 0, absolute: 1e-3 } : null;
    case "simultaneous_band_gaussian":
      return { relative: 0, absolute: 5e-3 };
    case "dunnett_critical":
    case "dunnett_critical_unequal":
    case "max_t_equicorrelated":
      return { relative: 0, absolute: 1e-7 };
    case "harrell_davis":
      return { relative: 1e-7, absolute: 0 };
    case "poisson_regression":
      // R's glm stops when the deviance has settled to 1e-8.
      return { relative: 1e-8, absolute: 0 };
    case "boschloo":
      return { relative: 1e-3, absolute: 1e-6 };
    case "miettinen_nurminen":
      return { relative: 0, absolute: 1e-6 };
    case "random_intercept":
    case "random_intercept_kenward_roger":
    case "random_intercept_identity":
      // lme4's optimiser (the file's meta.tolerance).
      return field === "reml_criterion" ? { relative: 0, absolute: 1e-6 } : { relative: 1e-4, absolute: 0 };
    case "logistic_regression":
      return { relative: 1e-3, absolute: 0 };
    default:
      return null;
  }
}

// Differences that are rounding noise of a statistic that is zero: below any printed digit.
const ABSOLUTE = 1e-13;

/**
 * effectsize solves P(T <= t) = tail for the noncentrality by Nelder-Mead and often stops early. Its end is set aside only
 * if ours meets the equation to 1e-10 and twenty times better than it does.
 */
function stoppedEarly(it: Comparison, beside: unknown): boolean {
  const key = it.path.split(".").at(-1);
  if ((key !== "low" && key !== "high") || !isRecord(beside) || typeof beside.tailAt !== "function")
    return false;
  if (typeof it.actual !== "number" || typeof it.expected !== "number") return false;
  const alternative = it.reference.params.alternative === "greater" ? 1 : 2;
  const outside = (1 - Number(it.reference.params.level ?? 0.95)) / alternative;
  const target = key === "low" ? 1 - outside : outside;
  const missBy = (end: number) => Math.abs(Number((beside.tailAt as (end: number) => number)(end)) - target);
  return missBy(it.actual) < 1e-10 && missBy(it.expected) > 20 * missBy(it.actual);
}

/** meta.precedence: on offset, tiny and huge data only exact arithmetic is a judge, and it beats all others on its data. */
function xOnly(file: ReferenceFile, reference: ReferenceCase): boolean {
  if (reference.id.startsWith("X") || reference.data === null) return false;
  if (/\/(offset|tiny|huge)/.test(reference.data)) return true;
  return (
    reference.source.startsWith("R ") &&
    file.cases.some(
      (other) =>
        other.id.startsWith("X") &&
        other.method === reference.method &&
        other.data === reference.data &&
        disagrees(other, reference),
    )
  );
}

function disagrees(exact: ReferenceCase, other: ReferenceCase): boolean {
  if (!isRecord(exact.expected) || !isRecord(other.expected)) return false;
  const rest = other.expected;
  return Object.entries(exact.expected).some(([key, value]) => {
    const found = rest[key];
    return (
      typeof value === "number" &&
      typeof found === "number" &&
      Math.abs(value - found) > RELATIVE * Math.abs(value)
    );
  });
}

function onlyNaN(expected: unknown): boolean {
  if (typeof expected === "string") return expected === "NaN";
  if (typeof expected !== "object" || expected === null) return false;
  const values = Object.values(expected);
  return values.length > 0 && values.every(onlyNaN);
}

/** The path of a NaN in our answer, among the fields that the reference has. */
function findNaN(actual: unknown, expected: unknown, path = ""): string | undefined {
  if (typeof actual === "number") return Number.isNaN(actual) ? path : undefined;
  if ((!isRecord(actual) && !Array.isArray(actual)) || typeof expected !== "object" || expected === null)
    return undefined;
  for (const key of Object.keys(expected)) {
    const found = findNaN(
      (actual as Record<string, unknown>)[key],
      (expected as Record<string, unknown>)[key],
      `${path}.${key}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
