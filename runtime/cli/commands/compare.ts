// `lab compare <before> <after>`: the same design, two versions of the code or two runs: paired differences and what changed.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import {
  type ComparedCell,
  type RunComparison,
  runComparisonOf,
} from "../../../reports/analysis/run-comparison.ts";
import { numberText, pText } from "../../../reports/analysis/words/number-text.ts";
import {
  type ComparedRuns,
  differenceText,
  runComparisonPage,
} from "../../../reports/page/run-comparison-page.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { runChanges, surroundingChanges } from "../../run/run-changes.ts";
import { wordedSync } from "../../store/files/store-error.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/text-table.ts";

export const handle: CommandHandler = async ([first, second], options) => {
  const store = openStore(projectRoot(options));
  const [before, after] = [await foundRun(store, first ?? null), await foundRun(store, second ?? null)];
  if (before.id === after.id)
    throw new UserError(`both are run ${before.id}`, { hint: "`lab list` shows the runs; name two." });
  const compared = await comparedRuns(store, before, after);
  const folder = text(options, "outputDir");
  const page = folder === null ? null : join(resolve(folder), "compare.html");
  if (page !== null) {
    wordedSync(page, () => {
      mkdirSync(resolve(folder ?? "."), { recursive: true });
      writeFileSync(page, runComparisonPage(compared));
    });
  }
  if (flag(options, "json")) {
    process.stdout.write(`${JSON.stringify({ ...compared, files: page === null ? [] : [page] }, null, 2)}\n`);
    return exitCode.done;
  }
  say(process.stdout, comparedText(compared).trimEnd());
  if (page !== null) say(process.stdout, `wrote ${relative(process.cwd(), page)}`);
  return exitCode.done;
};

/** Two runs held against each other; throws UserError where they share no experiment. */
export async function comparedRuns(
  store: ProjectStore,
  before: RunManifest,
  after: RunManifest,
): Promise<ComparedRuns> {
  const [resultsBefore, resultsAfter] = [await store.results(before), await store.results(after)];
  const pairs = resultsAfter.tables.flatMap((table) => {
    const earlier = resultsBefore.tables.find(({ experiment }) => experiment.name === table.experiment.name);
    return earlier === undefined ? [] : [[earlier, table] as const];
  });
  if (pairs.length === 0)
    throw new UserError(`${before.id} and ${after.id} have no experiment in common`, {
      hint: `They have ${before.experiments.join(", ")} and ${after.experiments.join(", ")}.`,
    });
  const opened = await Promise.all(
    [before, after].map(async (run) => store.openPlan(await store.planOf(run))),
  );
  const changes = Object.fromEntries(
    pairs.map(([, { experiment }]) => {
      const [from, to] = opened.map(({ experiments }) =>
        experiments.find(({ planned }) => planned.name === experiment.name),
      );
      return [experiment.name, from === undefined || to === undefined ? [] : runChanges(from, to)];
    }),
  );
  return {
    before: nameOf(before),
    after: nameOf(after),
    changes,
    surroundings: surroundingChanges(before.provenance, after.provenance),
    comparisons: pairs.map(([earlier, table]) => runComparisonOf(earlier, table)),
  };
}

function nameOf({ id, name }: RunManifest): string {
  return name === null ? id : `${name} (${id})`;
}

function comparedText({ before, after, changes, surroundings, comparisons }: ComparedRuns): string {
  const parts = comparisons.map((comparison) =>
    experimentText(comparison, changes[comparison.experiment] ?? []),
  );
  const around = surroundings.map((each) => `  ${each}\n`).join("");
  return `${after} minus ${before}\n${around}${parts.join("")}`;
}

function experimentText(comparison: RunComparison, changes: readonly string[]): string {
  const { experiment, metrics, families, notes, onlyBefore, onlyAfter } = comparison;
  const corrections = families.map((family) => `p values: ${family}`);
  const what = changes.length === 0 ? ["code and parameters are the same"] : changes;
  const lone = [
    ...onlyBefore.map((label) => `only before: ${label}`),
    ...onlyAfter.map((label) => `only after: ${label}`),
  ];
  const tables = metrics.map(({ metric, unit, estimand, overall, cells }) => {
    const rows = (overall === null ? cells : [overall, ...cells]).map((cell) => rowOf(cell));
    const heading = ["condition", "n", "same", "before", "after", "difference, 95% interval", "p (Holm)"];
    return `\n${metric}${unit === null ? "" : ` (${unit})`}, ${estimand.name}\n${textTable(heading, rows, [1, 2, 3, 4])}\n`;
  });
  return `\n${experiment}\n${[...what, ...notes, ...lone, ...corrections].map((line) => `  ${line}\n`).join("")}${tables.join("")}`;
}

function rowOf(cell: ComparedCell): readonly unknown[] {
  const p = cell.pAdjusted ?? cell.p;
  const { label, n, same, before, after } = cell;
  return [
    label,
    n,
    same,
    numberText(before),
    numberText(after),
    differenceText(cell),
    p === null ? "–" : pText(p),
  ];
}
