// `lab power [experiment]`: how many replicates for which effect, from an assumed standard deviation or from a pilot run.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname, relative, resolve } from "node:path";
import { StatisticsRefusal } from "../../../lib/stats/refusal.ts";
import { plannedTestName } from "../../../reports/analysis/planning/assumption.ts";
import { plannedTestOf } from "../../../reports/analysis/planning/planned-test.ts";
import {
  type SamplePlan,
  samplePlanFromPilot,
  samplePlanOf,
} from "../../../reports/analysis/planning/sample-plan.ts";
import { numberText, signedText } from "../../../reports/analysis/words/number-text.ts";
import { sampleSizeChart } from "../../../reports/chart/sample-size.ts";
import { standaloneSvg, svgOf } from "../../../reports/export/svg.ts";
import { foundWords, samplePlanPage } from "../../../reports/page/sample-plan-page.ts";
import { compile } from "../../compile/compile.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { ExperimentSummary, TrialTable } from "../../record/trial-table.ts";
import { wordedSync } from "../../store/files/store-error.ts";
import { openStore } from "../../store/project-store.ts";
import { summaryOf } from "../../store/runs/run-results.ts";
import { askedFor, isPath } from "../asked.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { experimentsOfFile, foundRun } from "../found-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/text-table.ts";
import { countWords } from "../terminal/words.ts";
import { assumptionOf } from "./power-assumption.ts";

export const handle: CommandHandler = async ([name], options) => {
  const root = projectRoot(options);
  const pilot = text(options, "pilot");
  const plan = inWords(
    pilot === null ? await assumed(root, name, options) : await fromPilot(root, name, options, pilot),
  );
  const output = text(options, "output");
  if (output !== null) await write(plan(), resolve(output));
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(plan(), null, 2)}\n`);
  else {
    say(process.stdout, planText(plan()).trimEnd());
    if (output !== null) say(process.stdout, `wrote ${relative(process.cwd(), resolve(output))}`);
  }
  return exitCode.done;
};

type Making = () => SamplePlan;

/** The plan, made once; what it refuses is the user's to mend. */
function inWords(make: Making): Making {
  let plan: SamplePlan | null = null;
  return () => {
    try {
      plan ??= make();
      return plan;
    } catch (error) {
      if (error instanceof RangeError || error instanceof StatisticsRefusal)
        throw new UserError(error.message);
      throw error;
    }
  };
}

async function assumed(root: string, name: string | undefined, options: OptionValues): Promise<Making> {
  const effectKinds = Object.keys((await loadedConfig(root)).performers);
  const { plans, selection } = await askedFor(root, {
    experiments: name === undefined ? [] : [name],
    options: {},
    effectKinds,
  });
  const result = await compile({ root, plans, names: selection.experiments });
  if (!result.ok) throw new InvalidDesign(root, result.error);
  const summaries = openStore(root).openPlan(result.value.plan).experiments.map(summaryOf);
  const [named = name, ...others] = selection.experiments;
  const experiment = chosen(summaries, others.length > 0 ? undefined : named);
  const metric = metricOf(experiment, options);
  const { factor } = factorOf(experiment, metric, options, { isNeeded: false });
  const test = plannedTestOf(experiment, { metric, factor });
  const { assumption, source } = assumptionOf(
    experiment,
    { metric, factor, analysis: test.analysis },
    options,
  );
  return () =>
    samplePlanOf({
      experiment: experiment.name,
      metric,
      test,
      assumption,
      source,
      differences: effectsOf(options, "from" in assumption ? assumption.from : null),
      power: number(options, "power") ?? 0.8,
      declared: experiment.replicates.count,
    });
}

async function fromPilot(
  root: string,
  name: string | undefined,
  options: OptionValues,
  pilot: string,
): Promise<Making> {
  if (number(options, "sd") !== null)
    throw new UserError("--sd and --pilot were both given", {
      hint: "A pilot says its own standard deviation.",
    });
  const store = openStore(root);
  const run = await foundRun(store, pilot);
  const { tables } = await store.results(run);
  const named = name !== undefined && isPath(name) ? await experimentsOfFile(store, run, name) : [name];
  const experiment = chosen(
    tables.map((table) => table.experiment),
    named.length === 1 ? named[0] : name,
  );
  // `chosen` answers with one of them.
  const table = tables.find((each) => each.experiment === experiment) as TrialTable;
  const metric = metricOf(experiment, options);
  const { factor, baseline } = factorOf(experiment, metric, options, { isNeeded: true });
  return () =>
    samplePlanFromPilot(table, {
      metric,
      factor: factor!,
      baseline,
      test: plannedTestOf(experiment, { metric, factor }),
      differences: effectsOf(options, null),
      power: number(options, "power") ?? 0.8,
      declared: experiment.stopping?.replicates ?? experiment.replicates.count,
    });
}

function chosen<T extends ExperimentSummary>(experiments: readonly T[], name: string | undefined): T {
  const names = experiments.map((each) => each.name);
  const [only] = experiments;
  if (name === undefined && experiments.length === 1 && only !== undefined) return only;
  const found = experiments.find((each) => each.name === name);
  if (found !== undefined) return found;
  const near = name === undefined ? null : nearest(name, names);
  throw new UserError(
    name === undefined ? "there are several experiments" : `there is no experiment "${name}"`,
    {
      hint: near === null ? `Name one of ${names.join(", ")}.` : `Did you mean "${near}"?`,
    },
  );
}

function metricOf({ name, metrics, primary }: ExperimentSummary, options: OptionValues): string {
  const numeric = Object.entries(metrics).flatMap(([metric, { type }]) =>
    type === "category" ? [] : [metric],
  );
  const asked = text(options, "metric") ?? primary ?? numeric[0] ?? "";
  if (numeric.includes(asked)) return asked;
  const near = nearest(asked, numeric);
  throw new UserError(`"${asked}" is not a numeric metric of ${name}`, {
    hint: near === null ? `There are ${numeric.join(", ") || "none"}.` : `Did you mean "${near}"?`,
  });
}

/** The factor that is asked for, or that the first comparison of this metric compares, or the first; with its baseline. */
function factorOf(
  { name, factors, analyses }: ExperimentSummary,
  metric: string,
  options: OptionValues,
  { isNeeded }: { readonly isNeeded: boolean },
): { readonly factor: string | null; readonly baseline: string | null } {
  const names = factors.map((factor) => factor.name);
  const comparisons = analyses.flatMap((spec) =>
    (spec.kind === "compare" || spec.kind === "equivalent") && spec.metric === metric ? [spec] : [],
  );
  const asked = text(options, "factor") ?? comparisons[0]?.across ?? names[0];
  if (asked === undefined && !isNeeded) return { factor: null, baseline: null };
  if (asked === undefined || !names.includes(asked)) {
    const near = asked === undefined ? null : nearest(asked, names);
    throw new UserError(
      asked === undefined
        ? `${name} has no factor to compare levels of`
        : `"${asked}" is not a factor of ${name}`,
      {
        hint: near === null ? `There are ${names.join(", ") || "none"}.` : `Did you mean "${near}"?`,
      },
    );
  }
  const level = comparisons.find(({ across }) => across === asked)?.baseline?.level;
  return {
    factor: asked,
    baseline: level === undefined ? null : typeof level === "string" ? level : JSON.stringify(level),
  };
}

/** Differences that are asked for: by --effect, or from --from to each of --to. */
function effectsOf(options: OptionValues, from: number | null): readonly number[] {
  // Both parsed by differencesOf and numbersOf.
  const effects = (options.effect ?? []) as readonly number[];
  const to = (options.to ?? []) as readonly number[];
  if (to.length === 0) return effects;
  if (from === null)
    throw new UserError("--to says where a share or rate goes from --from, which is not given", {
      hint: "Say --from 0.2 --to 0.4, or --effect for a difference of means.",
    });
  return [...effects, ...to.map((other) => other - from)];
}

function planText(plan: SamplePlan): string {
  const { experiment, metric, power, source, effects, declared, pairs, notes, test } = plan;
  const share = `${numberText(100 * power, 0)}%`;
  const name = plannedTestName(plan.assumption, test);
  const lines = [
    `${experiment}, ${metric}: replicates in each condition for ${share} power (${name}, ${test.words})`,
    `assumed: ${source}`,
    "",
    textTable(
      ["difference", plan.sizeName, "replicates"],
      effects.map((each) => [
        numberText(each.difference),
        numberText(each.size, 2),
        countWords(each.replicates),
      ]),
      [0, 1, 2],
    ),
  ];
  if (pairs.length > 0) {
    const heading = ["pair", "n", "observed", "sd", "replicates", "simulated power"];
    const rows = pairs.map((pair) => [
      pair.label,
      pair.n,
      signedText(pair.observed),
      pair.spread.design === "paired"
        ? numberText(pair.spread.sds[0])
        : pair.spread.sds.map((sd) => numberText(sd)).join(", "),
      countWords(pair.replicates),
      pair.simulated === null
        ? "–"
        : `${numberText(pair.simulated.value, 3)} [${numberText(pair.simulated.low, 3)}, ${numberText(pair.simulated.high, 3)}]`,
    ]);
    lines.push(
      "",
      `for a difference of ${numberText(effects[0]?.difference ?? null)}, pair by pair:`,
      textTable(heading, rows, [1, 2, 3, 4, 5]),
    );
  }
  if (declared !== null)
    lines.push(
      "",
      `${countWords(declared.replicates)} replicates ${foundWords(plan, numberText(declared.detectable))} with ${share} power`,
    );
  return `${[...lines, ...notes].join("\n")}\n`;
}

async function write(plan: SamplePlan, path: string): Promise<void> {
  const kind = extname(path);
  if (kind !== ".svg" && kind !== ".html")
    throw new UserError(`"${path}" is neither an .svg nor an .html file`, {
      hint: "The ending says what is written.",
    });
  const chart = sampleSizeChart(plan);
  const svg = await svgOf(chart);
  const content = kind === ".svg" ? `${standaloneSvg(svg)}\n` : samplePlanPage(plan, { chart, svg });
  wordedSync(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  });
}
