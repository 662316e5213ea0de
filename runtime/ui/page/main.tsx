// The page of `lab ui`: the token, the view of the address, the keys.
import "./style-base.css";
import "./style-tables.css";
import "./style-charts.css";
import "./style-views.css";
import "./style-narrow.css";
import { useSignalEffect } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { announce } from "./announce.ts";
import { findToken, link } from "./connection.ts";
import { FailuresView } from "./failures-view.tsx";
import { CompareView, ReportView } from "./frame-view.tsx";
import { listenToKeys } from "./keys.tsx";
import { followRun, runNow, runProblem, seq } from "./live-run.ts";
import { Overview } from "./overview.tsx";
import { PlanView } from "./plan-view.tsx";
import { watchProject } from "./project.ts";
import { followLinks, href, place } from "./router.ts";
import { RunsView, Waiting } from "./runs-view.tsx";
import { Shell } from "./shell.tsx";
import { TrialView } from "./trial-view.tsx";
import { TrialsView } from "./trials-view.tsx";
import { percent, statusWord } from "./words.ts";

function View() {
  const { path } = place.value;
  const [area, id, tab, trial] = path;
  useEffect(() => {
    if (area !== "run" || id === undefined) followRun(null);
  }, [area, id]);
  if (link.value === "none") return null;
  if (area === undefined) return <RunsView />;
  if (area === "plan") return <PlanView />;
  if (area === "compare") return <CompareView />;
  if (area === "run" && id !== undefined)
    return <RunViews key={id} id={id} tab={tab ?? ""} trial={trial ?? ""} />;
  return (
    <div class="empty">
      <h1>Nothing is here</h1>
      <p>
        <a href={href("/")}>All runs</a>
      </p>
    </div>
  );
}

function RunViews({ id, tab, trial }: { readonly id: string; readonly tab: string; readonly trial: string }) {
  const { query } = place.value;
  useEffect(() => {
    followRun(id, query.get("experiment") ?? "", query.get("metric") ?? "");
  }, [id]);
  useEffect(watchProject, []);
  const now = runNow.value;
  if (runProblem.value !== null)
    return (
      <div class="empty">
        <h1>No such run here</h1>
        <p>{runProblem.value}</p>
      </div>
    );
  if (now === null) return <Waiting words="Reading the ledger" />;
  switch (tab) {
    case "trials":
      return <TrialsView now={now} />;
    case "trial":
      return <TrialView now={now} id={trial} />;
    case "failures":
      return <FailuresView now={now} />;
    case "report":
      return <ReportView now={now} />;
    default:
      return <Overview now={now} />;
  }
}

function App() {
  useSignalEffect(() => {
    document.title = titleOf();
  });
  useSignalEffect(() => {
    const status = runNow.value?.moment.status;
    if (status !== undefined && seq.value > 1 && status !== "running")
      announce(`the run is ${statusWord(status)}`);
  });
  return (
    <Shell>
      <View />
    </Shell>
  );
}

function titleOf(): string {
  const { path } = place.value;
  const now = runNow.value;
  if (path[0] !== "run" || now === null) return `${path[0] ?? "runs"} · lab`;
  const { counts, status } = now.moment;
  const share = percent(counts.done / Math.max(1, counts.total), 0);
  const state = link.value === "lost" ? "not connected" : status === "running" ? share : statusWord(status);
  return `${state} · ${now.run.id} · lab`;
}

const root = document.getElementById("app");
if (root !== null) {
  listenToKeys();
  followLinks();
  await findToken();
  render(<App />, root);
}
