// Which runs there are, and how far each is.
import { useEffect, useState } from "preact/hooks";
import type { RunLine } from "../view-data.ts";
import { Chip } from "./chip.tsx";
import { Command } from "./copy.tsx";
import { project, projectProblem, watchProject } from "./project.ts";
import { href, isExported } from "./router.ts";
import { day, duration, int, plural, used, usedName } from "./words.ts";

export function RunsView() {
  useEffect(watchProject, []);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const known = project.value;
  if (known === null)
    return projectProblem.value === null ? (
      <Waiting words="Reading the ledger" />
    ) : (
      <div class="empty">
        <h1>Nothing to show</h1>
        <p>{projectProblem}</p>
      </div>
    );
  if (known.runs.length === 0)
    return (
      <div class="empty">
        <h1>No runs yet</h1>
        <p>
          This page shows what lies in <code>.lab/</code> of {known.project}, and there is nothing.
        </p>
        <div class="acts">
          <a class="button" href={href("/plan")}>
            Look at the plan
          </a>
          <Command text="lab run" />
        </div>
      </div>
    );
  const [after, before] = chosen;
  const experiments = new Set(known.runs.flatMap((run) => run.experiments));
  return (
    <>
      <div class="head">
        <div>
          <h1>Runs</h1>
          <p class="soft">
            {known.project}, {plural(known.runs.length, "run")} of {plural(experiments.size, "experiment")} in{" "}
            <code>.lab/</code>
          </p>
        </div>
        {!isExported && (
          <div class="acts">
            <a
              class="button"
              href={href(before === undefined ? "/compare" : `/compare?before=${before}&after=${after}`)}
            >
              {before === undefined ? "Compare two" : "Compare these two"}
            </a>
            <a class="button" href={href("/plan")}>
              Plan a run
            </a>
          </div>
        )}
      </div>
      <RunsTable runs={known.runs} chosen={chosen} choose={setChosen} />
    </>
  );
}

function RunsTable({
  runs,
  chosen,
  choose,
}: {
  readonly runs: readonly RunLine[];
  readonly chosen: readonly string[];
  readonly choose: (ids: readonly string[]) => void;
}) {
  return (
    <div class="scroll data" tabIndex={0} role="region" aria-label="Runs, newest first">
      <table class="runs">
        <thead>
          <tr>
            {!isExported && (
              <th scope="col">
                <span class="vh">compare</span>
              </th>
            )}
            <th scope="col">run</th>
            <th scope="col" class="hide-s">
              experiment
            </th>
            <th scope="col">state</th>
            <th scope="col" class="num">
              trials
            </th>
            <th scope="col" class="num">
              failed
            </th>
            <th scope="col" class="hide-m">
              began
            </th>
            <th scope="col" class="num hide-s">
              took
            </th>
            <th scope="col" class="hide-m">
              used
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              {!isExported && (
                <td>
                  <input
                    type="checkbox"
                    aria-label={`compare ${run.id}`}
                    checked={chosen.includes(run.id)}
                    onChange={(event) =>
                      choose(
                        event.currentTarget.checked
                          ? [...chosen, run.id].slice(-2).sort().reverse()
                          : chosen.filter((id) => id !== run.id),
                      )
                    }
                  />
                </td>
              )}
              <RunCells run={run} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunCells({ run }: { readonly run: RunLine }) {
  const nowMs = Date.now();
  const endMs = run.finishedAt === null ? nowMs : Date.parse(run.finishedAt);
  const isLive = run.status === "running";
  const cost = Object.entries(run.used).filter(
    ([name, sum]) => /usd$/i.test(name) || (name === "calls" && sum > 0),
  );
  return (
    <>
      <th scope="row">
        <a href={href(`/run/${run.id}`)}>{run.id}</a>
        {run.name !== null && <span class="soft"> {run.name}</span>}
      </th>
      <td class="hide-s">{run.experiments.join(", ")}</td>
      <td>
        <Chip status={run.status} />
      </td>
      <td class="num">{run.done === run.total ? int(run.done) : `${int(run.done)} of ${int(run.total)}`}</td>
      <td class={`num ${run.failed > 0 ? "bad" : "soft"}`}>{int(run.failed)}</td>
      <td class="hide-m">{run.startedAt === null ? "unknown" : day(run.startedAt, nowMs)}</td>
      <td class="num hide-s">
        {run.startedAt === null || (run.finishedAt === null && !isLive)
          ? ""
          : duration(endMs - Date.parse(run.startedAt))}
      </td>
      <td class="hide-m">
        {cost
          .map(([name, sum]) => `${used(name, sum)} ${/usd$/i.test(name) ? "" : usedName(name)}`)
          .join(", ")}
      </td>
    </>
  );
}

export function Waiting({ words }: { readonly words: string }) {
  return (
    <div class="empty" aria-busy="true">
      <h1>{words}</h1>
      {["w92", "w74", "w83", "w60"].map((width) => (
        <span key={width} class={`ghost ${width}`} />
      ))}
    </div>
  );
}
