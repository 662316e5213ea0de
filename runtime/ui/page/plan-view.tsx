// What a run would do and why, in units, time and commands, before it does; and its start.
import { useEffect, useState } from "preact/hooks";
import type { PlanView as Plan } from "../detail-data.ts";
import { announce } from "./announce.ts";
import { ask, link, Refused } from "./connection.ts";
import { Command } from "./copy.tsx";
import { project, readProject } from "./project.ts";
import { go, place } from "./router.ts";
import { bytes, duration, int, level, plural, used, usedName, visible } from "./words.ts";

export function PlanView() {
  const { path, query } = place.value;
  const experiment = path[1] ?? "";
  const [jobs, setJobs] = useState(query.get("jobs") ?? "");
  const [limit, setLimit] = useState(query.get("limit") ?? "");
  const [budget, setBudget] = useState("");
  const [names, setNames] = useState<readonly string[]>([]);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    void readProject();
    setPlan(null);
    const parts = {
      experiment,
      ...(jobs !== "" && { jobs }),
      ...(limit !== "" && { limit }),
      ...(budget !== "" && { budget }),
    };
    let isCurrent = true;
    ask<Plan>(`/plan?${new URLSearchParams(parts)}`).then(
      (made) => {
        if (!isCurrent) return;
        setPlan(made);
        setProblem(made.problem);
        const found = [...new Set(made.jobs.map((job) => job.experiment))];
        setNames((known) => (known.length >= found.length ? known : found));
      },
      (error: unknown) => setProblem(error instanceof Refused ? error.message : "the server does not answer"),
    );
    return () => {
      isCurrent = false;
    };
  }, [experiment, jobs, limit, budget]);
  return (
    <>
      <div class="head">
        <div>
          <h1>Plan</h1>
          <p class="soft">
            What <code>lab run</code> would do and why. Nothing has run.
          </p>
        </div>
      </div>
      <div class="planform">
        <label>
          Experiment
          <select
            value={experiment}
            onChange={(event) => go(`/plan/${encodeURIComponent(event.currentTarget.value)}`)}
          >
            <option value="">all of the project</option>
            {[...new Set([...names, ...(experiment === "" ? [] : [experiment])])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Workers
          <input
            type="number"
            min="1"
            max="1024"
            placeholder="one a core"
            value={jobs}
            onChange={(event) => setJobs(event.currentTarget.value)}
          />
        </label>
        <label>
          Trials at most
          <input
            type="number"
            min="1"
            placeholder="all"
            value={limit}
            onChange={(event) => setLimit(event.currentTarget.value)}
          />
        </label>
        <label>
          Budget, $
          <input
            type="number"
            min="0"
            step="any"
            placeholder="none"
            value={budget}
            onChange={(event) => setBudget(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem !== null && <pre class="problem">{visible(problem)}</pre>}
      {plan === null && problem === null && (
        <p class="soft" aria-busy="true">
          Building and looking up what is recorded
        </p>
      )}
      {plan !== null && plan.problem === null && (
        <Made plan={plan} asked={{ experiment, jobs, limit, budget }} />
      )}
    </>
  );
}

function Made({ plan, asked }: { readonly plan: Plan; readonly asked: Asked }) {
  const fresh = plan.jobs.reduce((sum, job) => sum + job.fresh, 0);
  const reused = plan.jobs.reduce((sum, job) => sum + job.reused, 0);
  const changes = plan.jobs.filter((job) => job.changes.length > 0);
  return (
    <div class="stack">
      <div class="facts">
        {[
          [int(fresh), "to run"],
          [int(reused), "recorded already"],
          ...(fresh === 0 ? [] : takenFacts(plan)),
          ...plan.usage.flatMap(usageFacts),
        ].map(([value, words]) => (
          <div key={words}>
            <b>{value}</b>
            <span class="soft">{words}</span>
          </div>
        ))}
      </div>
      <Designs designs={plan.designs} />
      <section class="rule" aria-labelledby="jobs-title">
        <header>
          <h2 id="jobs-title">Jobs</h2>
        </header>
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of jobs">
          <table>
            <thead>
              <tr>
                {["experiment", "stage", "units", "new", "reused", "stale", "orphaned"].map(
                  (words, index) => (
                    <th key={words} scope="col" class={index > 1 ? "num" : undefined}>
                      {words}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {plan.jobs.map((job) => (
                <tr key={`${job.experiment} ${job.stage}`}>
                  <th scope="row">{job.experiment}</th>
                  <td>{job.stage}</td>
                  {[job.wanted, job.fresh, job.reused, job.stale, job.orphaned].map((count, index) => (
                    // The columns above, in their order.
                    <td key={index} class={`num${count === 0 ? " soft" : ""}`}>
                      {int(count)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {changes.length > 0 && (
        <section class="rule" aria-labelledby="changes-title">
          <header>
            <h2 id="changes-title">What changed since it was recorded</h2>
          </header>
          {changes.map((job) => (
            <div key={`${job.experiment} ${job.stage}`}>
              <h3>
                {job.experiment}
                {job.stage !== "trial" && ` · ${job.stage}`}
              </h3>
              <ul>
                {job.changes.map((words) => (
                  <li key={words}>{visible(words)}</li>
                ))}
              </ul>
            </div>
          ))}
        </section>
      )}
      <Start plan={plan} asked={asked} fresh={fresh} />
    </div>
  );
}

interface Asked {
  readonly experiment: string;
  readonly jobs: string;
  readonly limit: string;
  readonly budget: string;
}

/** What services will take, each as a range. */
function usageFacts({
  experiment,
  measured,
  ...ranges
}: Plan["usage"][number]): readonly (readonly [string, string])[] {
  if (measured === 0)
    return [["not known", `what ${experiment} will take of services: nothing has been measured`]];
  return Object.entries(ranges).map(([name, { low, high }]) => [
    `${used(name, low)} to ${used(name, high)}`,
    `${usedName(name)} of ${experiment}`,
  ]);
}

/** Time and disk, each as a range. */
function takenFacts({ estimate, workers }: Plan): readonly (readonly [string, string])[] {
  if (estimate === null) return [["not known", "time and disk: nothing has been measured yet"]];
  const { lowMs, highMs, lowBytes, highBytes, measured } = estimate;
  return [
    [
      rangeWords(duration(lowMs), duration(highMs)),
      `${workersWords(workers)}, from ${plural(measured, "measured unit")}`,
    ],
    [rangeWords(bytes(lowBytes), bytes(highBytes)), "of disk"],
  ];
}

function workersWords(workers: number | null): string {
  return workers === null
    ? "on one worker (how many there will be, only the machines know)"
    : `on ${plural(workers, "worker")}`;
}

function rangeWords(low: string, high: string): string {
  return low === high ? low : `${low} to ${high}`;
}

/** What each experiment is made of. */
function Designs({ designs }: { readonly designs: Plan["designs"] }) {
  return (
    <section class="rule" aria-labelledby="designs-title">
      <header>
        <h2 id="designs-title">Levels</h2>
      </header>
      {designs.map(({ experiment, conditions, replicates, factors }) => (
        <div key={experiment}>
          <h3>
            {experiment}{" "}
            <span class="soft">
              {plural(conditions, "condition")}, {plural(replicates, "replicate")} of each
            </span>
          </h3>
          <dl>
            {factors.map(({ name, levels, count }) => (
              <>
                <dt>{visible(name)}</dt>
                <dd>
                  {levels.map(level).join(count === null ? " to " : ", ")}
                  {count !== null && count > levels.length && `, ... ${int(count)} in all`}
                </dd>
              </>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

function Start(of: { readonly plan: Plan; readonly asked: Asked; readonly fresh: number }) {
  const { plan, asked, fresh } = of;
  const [state, setState] = useState<"ready" | "asked" | string>("ready");
  const isReadOnly = project.value?.readOnly === true;
  const isBusy = project.value?.runs.some(({ status }) => status === "running") === true;
  const shut = isReadOnly
    ? "this link is read-only"
    : fresh === 0
      ? "nothing to run"
      : isBusy
        ? "another run is under way"
        : link.value !== "open"
          ? "not connected"
          : null;
  const wholeOrNull = (text: string): number | null => (text === "" ? null : Number(text));
  const start = (): void => {
    setState("asked");
    const body = {
      experiment: asked.experiment,
      filter: {},
      limit: wholeOrNull(asked.limit),
      jobs: wholeOrNull(asked.jobs),
      budgetUsd: wholeOrNull(asked.budget),
      retryErrors: false,
      build: plan.build,
    };
    ask("/plan", body).then(
      () => {
        announce("begun from the page");
        go("/");
      },
      (error: unknown) => setState(error instanceof Refused ? error.message : "the server does not answer"),
    );
  };
  return (
    <section class="rule" aria-labelledby="start-title">
      <header>
        <h2 id="start-title">Start</h2>
      </header>
      <Command text={plan.command} />
      <div class="acts">
        <button
          type="button"
          class="main"
          disabled={shut !== null || state === "asked"}
          title={shut ?? undefined}
          onClick={start}
        >
          {fresh === 0 ? "Nothing to run" : `Start ${plural(fresh, "unit")}`}
        </button>
        {shut !== null && fresh > 0 && <span class="soft">{shut}</span>}
        {state !== "ready" && state !== "asked" && <span class="bad">{state}</span>}
      </div>
    </section>
  );
}
