// What the page asks and what it is answered: plain JSON for each view. Streams and reports have ways of their own.
import { basename } from "node:path";
import { z } from "zod";
import type { Asked } from "../../control/request.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { isRunning } from "../../store/runs/start-run.ts";
import type { RunManifest } from "../../store/store.ts";
import type { CurveView, PlanView } from "../detail-data.ts";
import type { ActRequest, ProjectView, SentAct } from "../view-data.ts";
import { armSequences, curveOf } from "./arm-intervals.ts";
import { failuresOf } from "./failures.ts";
import { columnsOf } from "./moment.ts";
import { type PlanAsked, planViewOf, startRunApart } from "./plan-child.ts";
import { RunLines } from "./run-lines.ts";
import type { RunWatcher } from "./run-watcher.ts";
import { seriesViewOf } from "./series-view.ts";
import { recordOf, trialViewOf } from "./trial-view.ts";
import type { UiContext, UiRequest } from "./ui-context.ts";

const pageRowsMax = 500;
const lines = new WeakMap<UiContext, RunLines>();

/** Undefined for an address at which there is nothing. */
export async function answerOf(context: UiContext, asked: UiRequest): Promise<unknown> {
  const [area, id = "", view = ""] = asked.path;
  const isPost = asked.body !== null;
  if (area === "project" && !isPost) return projectView(context, asked);
  if (area === "plan") return isPost ? startPlan(context, asked) : planView(context, asked.query);
  if (area === "compare" && isPost) return comparisonTicket(context, asked.body);
  if (area !== "run") return undefined;
  const watcher = await context.watcherOf(id);
  if (!isPost) return runView(context, { watcher, view, asked });
  if (view === "report") return { url: await reportTicket(context, watcher) };
  return view === "act" ? act(watcher, asked.body) : undefined;
}

async function projectView(context: UiContext, { right }: UiRequest): Promise<ProjectView> {
  const { store, options } = context;
  let known = lines.get(context);
  if (known === undefined) {
    known = new RunLines(store);
    lines.set(context, known);
  }
  return {
    project: basename(options.root),
    readOnly: right === "look",
    exported: false,
    runs: await known.all(),
  };
}

async function runView(
  context: UiContext,
  of: { readonly watcher: RunWatcher; readonly view: string; readonly asked: UiRequest },
): Promise<unknown> {
  const { watcher, view } = of;
  const { query, path } = of.asked;
  const tables = await watcher.tables();
  const columns = columnsOf(tables, query.get("experiment") ?? "");
  switch (view) {
    case "": {
      const { moment, shown } = await watcher.moment({
        experiment: query.get("experiment") ?? "",
        metric: query.get("metric"),
      });
      return { run: await watcher.facts(), ...shown, moment };
    }
    case "trials": {
      const page = watcher.orders.page(tables, columns, {
        where: query.get("where") ?? "",
        sort: query.get("sort") ?? "",
        offset: wholeOf(query.get("offset")) ?? 0,
        limit: Math.min(pageRowsMax, wholeOf(query.get("limit")) ?? 200),
        at: wholeOf(query.get("at")),
      });
      watcher.trials.noteRows(columns, page.rows);
      return page;
    }
    case "trial": {
      const found = watcher.trials.find(tables.opened, path[3] ?? "");
      return found === null ? undefined : trialViewOf(context.store, tables, { found, link: watcher.link });
    }
    case "failures":
      return failuresOf(columns, {
        root: context.options.root,
        recordOf: (unit) => recordOf(context.store, tables, { job: trialOf(columns.opened).job, unit }),
      });
    case "curve":
      return curveView(columns, query.get("metric"));
    case "series":
      return seriesViewOf(await context.store.results(tables.run), columns, {
        series: query.get("series") ?? "",
        column: query.get("column") ?? "",
      });
    default:
      return undefined;
  }
}

function curveView(columns: ReturnType<typeof columnsOf>, metric: string | null): CurveView | undefined {
  const { until } = columns.opened.planned.replicates;
  const sequences = metric === null ? null : armSequences(columns.table, metric, until, columns.cancelled);
  return sequences === null ? undefined : curveOf(sequences);
}

/** The report is made before the address is given, so that what goes wrong is said in words. */
async function reportTicket(context: UiContext, { id }: RunWatcher): Promise<string> {
  const { store, options } = context;
  return context.ticketFor(await options.ports.reportOf(store, await runOf(store, id)));
}

const compareSchema = z.object({ before: z.string(), after: z.string() });

async function comparisonTicket(context: UiContext, body: unknown): Promise<{ readonly url: string }> {
  const { store, options } = context;
  const { before, after } = readBody(compareSchema, body);
  const [first, second] = [await runOf(store, before), await runOf(store, after)];
  if (first.id === second.id)
    throw new UserError("two runs are compared", { hint: "Choose another on one side." });
  return { url: context.ticketFor(await options.ports.comparisonOf(store, first, second)) };
}

async function runOf(store: ProjectStore, reference: string): Promise<RunManifest> {
  const run = await store.findRun(reference);
  if (run === null || "ambiguous" in run) throw new UserError(`there is no run "${reference}"`);
  return run;
}

function planView({ options }: UiContext, query: URLSearchParams): Promise<PlanView> {
  const filter = Object.fromEntries(
    [...query].flatMap(([name, value]) => (name.startsWith("filter.") ? [[name.slice(7), value]] : [])),
  );
  return planViewOf(options, {
    experiment: query.get("experiment") ?? "",
    filter,
    limit: wholeOf(query.get("limit")),
    jobs: wholeOf(query.get("jobs")),
    budgetUsd: dollarsOf(query.get("budget")),
    retryErrors: query.get("retry") === "true",
  });
}

const startSchema = z.object({
  experiment: z.string(),
  filter: z.record(z.string(), z.string()),
  budgetUsd: z.number().positive().nullable(),
  retryErrors: z.boolean(),
  limit: z.int().positive().nullable(),
  jobs: z.int().positive().max(1024).nullable(),
  /** The build that was looked at. */
  build: z.string(),
});

/** What was decided on a plan that is no longer the plan is asked again. */
async function startPlan(
  { options, store }: UiContext,
  { body }: UiRequest,
): Promise<{ readonly started: boolean }> {
  const { build, ...asked } = readBody(startSchema, body);
  const plan = await planViewOf(options, asked satisfies PlanAsked);
  if (plan.problem !== null) throw new UserError(plan.problem);
  if (plan.build !== build)
    throw new UserError("the experiments have changed since this plan was made", {
      hint: "Look at the plan once more.",
    });
  await startRunApart(options, asked, async () => (await store.runs()).some((run) => isRunning(store, run)));
  return { started: true };
}

/** An act that has been on its way for longer is no longer what somebody looking at the page means. */
const actMs = 10_000;

const actSchema = z.object({
  key: z.string().min(8).max(100),
  seen: z.int().min(0),
  atMs: z.number(),
  act: z.discriminatedUnion("do", [
    z.object({ do: z.enum(["pause", "unpause", "drain", "stop"]) }),
    z.object({ do: z.literal("cancel"), experiment: z.string(), arm: z.int().min(0) }),
    z.object({
      do: z.literal("retry"),
      experiment: z.string(),
      cause: z.string().max(1000).nullable(),
      trial: z.string().nullable(),
    }),
    z.object({ do: z.literal("workers"), count: z.int().min(1).max(1024) }),
  ]),
});

async function act(watcher: RunWatcher, body: unknown): Promise<{ readonly acts: number }> {
  const { key, seen, atMs, act: request } = readBody(actSchema, body) satisfies SentAct;
  const { link } = watcher;
  if (link === null) throw new UserError("the run has ended");
  const lateMs = Date.now() - atMs;
  if (lateMs > actMs) throw new UserError(`it came ${Math.round(lateMs / 1000)} s after it was asked for`);
  return { acts: await link.act(await askedOf(watcher, request), { key, seen }) };
}

/** An act as the run's process knows it: an arm by its levels. */
async function askedOf(watcher: RunWatcher, request: ActRequest): Promise<Asked> {
  if (request.do === "workers") return { do: "workers", workers: request.count };
  if (request.do === "retry") return { ...request, arm: null };
  if (request.do !== "cancel") return request;
  const { table } = columnsOf(await watcher.tables(), request.experiment);
  const condition = table.conditions[request.arm];
  if (condition === undefined) throw new UserError(`there is no arm ${request.arm}`);
  const levels = table.experiment.factors
    .filter(({ name }) => name in condition)
    .map(({ name }) => `${name}=${levelText(condition[name])}`);
  return { do: "cancel", experiment: table.experiment.name, arm: levels.join(","), trial: null };
}

function levelText(level: unknown): string {
  return typeof level === "string" ? level : JSON.stringify(level);
}

function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body);
  if (!read.success) throw new UserError(`what was sent cannot be read: ${z.prettifyError(read.error)}`);
  return read.data;
}

function dollarsOf(text: string | null): number | null {
  const dollars = Number(text ?? "");
  return dollars > 0 ? dollars : null;
}

function wholeOf(text: string | null): number | null {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
