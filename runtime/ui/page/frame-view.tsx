// Pages that the command line makes, shown in a frame without an origin of its own: a run's report, and two runs held against each other.
import { useEffect, useState } from "preact/hooks";
import { exportName } from "../export-name.ts";
import { ask, Refused } from "./connection.ts";
import type { RunNow } from "./live-run.ts";
import { project, readProject } from "./project.ts";
import { go, isExported, place } from "./router.ts";
import { RunHead } from "./run-head.tsx";

interface Ticket {
  readonly url: string;
}

export function ReportView({ now }: { readonly now: RunNow }) {
  const { run, moment } = now;
  const isOver = !["running", "pausing", "paused", "stopping"].includes(moment.status);
  const [isAsked, setAsked] = useState(isOver);
  return (
    <>
      <RunHead now={now} tab="/report" />
      {isAsked ? (
        <>
          {!isOver && (
            <p class="note">
              A draft: the run goes on. A decision made on it is a decision made on part of the data.
            </p>
          )}
          <Framed key={run.id} path={`/run/${run.id}/report`} body={{}} title={`Report of ${run.id}`} />
        </>
      ) : (
        <div class="empty">
          <h2>The run is not at its end</h2>
          <p>
            Its report takes the number of replicates as fixed, so looking at it as they come is looking too
            often. The intervals of the overview may be watched.
          </p>
          <div class="acts">
            <button type="button" onClick={() => setAsked(true)}>
              Make a draft all the same
            </button>
          </div>
        </div>
      )}
    </>
  );
}

export function CompareView() {
  const { query } = place.value;
  useEffect(() => void readProject(), []);
  const runs = project.value?.runs ?? [];
  // An address may begin an id as a command may.
  const idOf = (given: string): string => {
    const [first, second] = runs.filter(({ id }) => given !== "" && id.startsWith(given));
    return second === undefined ? (first?.id ?? given) : given;
  };
  const [before, after] = [idOf(query.get("before") ?? ""), idOf(query.get("after") ?? "")];
  const choose = (next: { readonly before: string; readonly after: string }): void =>
    go(`/compare?${new URLSearchParams(next)}`, { replace: true });
  const chooser = (name: "before" | "after", value: string) => (
    <label class="soft">
      {name}{" "}
      <select
        value={value}
        onChange={(event) => choose({ before, after, [name]: event.currentTarget.value })}
      >
        <option value="">choose</option>
        {runs.map(({ id, name: title }) => (
          <option key={id} value={id}>
            {title === null ? id : `${title} (${id})`}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <div class="head">
        <div>
          <h1>Comparison</h1>
          <p class="soft">
            The same condition and replicate in both runs, trial by trial: what changed, and by how much.
          </p>
        </div>
        <div class="acts">
          {chooser("before", before)}
          {chooser("after", after)}
        </div>
      </div>
      {project.value !== null && before !== "" && after !== "" && before !== after ? (
        <Framed
          key={`${before} ${after}`}
          path="/compare"
          body={{ before, after }}
          title={`${after} against ${before}`}
        />
      ) : (
        <p class="soft">{runs.length < 2 ? "There are not two runs yet." : "Choose two runs."}</p>
      )}
    </>
  );
}

function Framed({
  path,
  body,
  title,
}: {
  readonly path: string;
  readonly body: unknown;
  readonly title: string;
}) {
  const [url, setUrl] = useState<string | null>(
    isExported ? `data/${exportName(path).replace(/json$/, "html")}` : null,
  );
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (isExported) return;
    ask<Ticket>(path, body).then(
      (ticket) => setUrl(ticket.url),
      (error: unknown) => setProblem(error instanceof Refused ? error.message : "the server does not answer"),
    );
  }, []);
  if (problem !== null) return <p class="bad">{problem}</p>;
  if (url === null)
    return (
      <p class="soft" aria-busy="true">
        Being made
      </p>
    );
  return <iframe class="framed" src={url} sandbox="allow-scripts" title={title} />;
}
