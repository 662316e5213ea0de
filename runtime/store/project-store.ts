// The store of a project as the rest of the runtime sees it. Reading needs no lock and holds nothing open: another process may be
// writing at the same time.
import { join } from "node:path";
import { clearFrom } from "../plan/bitmap.ts";
import { drawnOn, measuredUnits } from "../plan/drawn-on.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { Job, JobId, Plan } from "../plan/plan.ts";
import { grownPlan, isGrowing, proposedRowsOf } from "../plan/proposal.ts";
import { unitCountOf } from "../plan/units.ts";
import { appendAccepted, identitiesCountingFor, readAccepted } from "./accepted.ts";
import type { StoreLayout } from "./files/layout.ts";
import { layoutOf, runLayoutOf } from "./files/layout.ts";
import { damageOf, damageWords } from "./ledger/damage.ts";
import type { JobLedger, LedgerSource } from "./ledger/job-ledger.ts";
import { scanJobLedger } from "./ledger/job-ledger.ts";
import { jobRecordsOf } from "./ledger/job-records.ts";
import type { Segment } from "./ledger/segment.ts";
import { segmentCatalog } from "./ledger/segments.ts";
import type { PlacedJob } from "./ledger/unit-mapping.ts";
import { unitMappingOf } from "./ledger/unit-mapping.ts";
import { openPlan } from "./open-plan.ts";
import { readManifest, readRunPlan, runIds } from "./runs/manifest.ts";
import { readProposals } from "./runs/proposals.ts";
import { runResultsOf } from "./runs/run-results.ts";
import type { RecordsOptions, RelativeJob, RunManifest, Store } from "./store.ts";

/** A store with what only the store's own files need of it. */
export interface ProjectStore extends Store {
  readonly root: string;
  readonly layout: StoreLayout;
  /** What is recorded of a job, by columns. */
  ledgerOf(plan: Plan, job: Job, options?: RecordsOptions): JobLedger;
  /** A run's plan with its spaces ready to be read. */
  openPlan(plan: Plan): OpenedPlan;
  segments(): readonly Segment[];
  /** Keeps a sentence for `problems`. */
  addProblem(sentence: string): void;
  /** The segments that hold records of a job, in the order of commitment. */
  sourcesOf(plan: Plan, job: Job, options?: RecordsOptions): readonly LedgerSource[];
}

/** Opens the store of the project at `root`. The folder need not be there yet; nothing is made until a run starts. */
export function openStore(root: string): ProjectStore {
  const layout = layoutOf(root);
  const problems: string[] = [];
  /** Plans that have been read and checked, which costs their whole length. */
  const plans = new WeakMap<RunManifest, Plan>();
  const catalog = segmentCatalog(layout, problems);
  const runsNow = (): RunManifest[] =>
    runIds(layout)
      .map((id) => readManifest(layout, id, problems))
      .filter((manifest) => manifest !== null)
      .reverse();
  const sourcesFor = (plan: Plan, job: Job, options: RecordsOptions = {}): LedgerSource[] => {
    const identities = identitiesCountingFor(job.id, readAccepted(layout.accepted));
    return sourcesOf({ plan, job, segments: catalog.all(), identities, ...options });
  };
  const ledgerOf = (plan: Plan, job: Job, options: RecordsOptions = {}): JobLedger => {
    const drawn = drawnOn(plan, job, (trial) => countedMeasured(plan, trial, options));
    const ledger = scanJobLedger(unitCountOf(job), sourcesFor(plan, job, options), {
      job: job.id,
      drawnOn: drawn,
    });
    problems.push(...damageOf(ledger, options.run).map(damageWords));
    return ledger;
  };
  /** The trials whose rows another experiment is handed; null while a stopping rule has not decided. */
  const countedMeasured = (plan: Plan, trial: Job, options: RecordsOptions): Uint8Array | null => {
    const planned = plan.experiments.find(({ name }) => name === trial.experiment);
    const stopping = (options.run?.stopping ?? options.stopping)?.[trial.experiment];
    const isAdaptive = planned?.replicates.until != null;
    if (isAdaptive && (stopping === undefined || stopping.reason === "open")) return null;
    const measured = measuredUnits(ledgerOf(plan, trial, options));
    if (isAdaptive && stopping !== undefined) clearFrom(measured, stopping.replicates * trial.conditions);
    return measured;
  };
  const store: ProjectStore = {
    root,
    folder: layout.folder,
    layout,
    ledgerOf,
    sourcesOf: sourcesFor,
    segments: () => catalog.all(),
    openPlan: (plan) => openPlan(plan, join(layout.builds, plan.build)),
    problems: () => [...new Set(problems)],
    addProblem: (sentence) => void problems.push(sentence),
    async runs() {
      return runsNow();
    },
    async findRun(reference) {
      return findRun(runsNow(), reference);
    },
    async planOf(run) {
      const plan = plans.get(run) ?? readRunPlan(layout, run, problems);
      plans.set(run, plan);
      if (!plan.experiments.some(isGrowing)) return plan;
      return grownPlan(plan, proposedRowsOf(readProposals(runLayoutOf(layout, run.id))));
    },
    async recordsOf(plan, job, options) {
      return jobRecordsOf(ledgerOf(plan, job, options), plan.jobs.indexOf(job));
    },
    async relatives(job) {
      return relativesOf(job, catalog.all(), identitiesCountingFor(job.id, readAccepted(layout.accepted)));
    },
    async accept(from, to, reason) {
      appendAccepted(layout.accepted, { from, to, reason, at: new Date().toISOString() });
    },
    async results(run) {
      return runResultsOf(store, run);
    },
  };
  return store;
}

/** By id, name, "latest", or the beginning of an id; a name given twice means the newest run that has it. */
export function findRun(
  newestFirst: readonly RunManifest[],
  reference: string,
): RunManifest | { readonly ambiguous: readonly string[] } | null {
  if (reference === "latest") return newestFirst[0] ?? null;
  const exact = newestFirst.find(({ id, name }) => id === reference || name === reference);
  if (exact !== undefined) return exact;
  const matches = newestFirst.filter(
    ({ id }) => id.startsWith(reference) || withoutZeros(id).startsWith(reference),
  );
  if (matches.length <= 1) return matches[0] ?? null;
  // "r3" is run 3, not all of 3, 30 and 31.
  const numbered = matches.filter(
    ({ id }) => withoutZeros(id).split("-")[0] === reference || id.split("-")[0] === reference,
  );
  return numbered.length === 1 ? numbered[0]! : { ambiguous: matches.map(({ id }) => id) };
}

function withoutZeros(id: string): string {
  return id.replace(/^r0+(?=\d)/, "r");
}

function sourcesOf(of: {
  readonly plan: Plan;
  readonly job: Job;
  readonly segments: readonly Segment[];
  readonly identities: ReadonlySet<JobId>;
  readonly run?: RunManifest;
}): LedgerSource[] {
  const pinned =
    of.run?.sources == null ? null : new Map(of.run.sources.map(({ segment, bytes }) => [segment, bytes]));
  const sources: LedgerSource[] = [];
  for (const segment of of.segments) {
    if (of.run?.forced === true && segment.run !== of.run.id) continue;
    if (pinned !== null && !pinned.has(segment.name)) continue;
    const jobs = new Map<number, LedgerSource["jobs"] extends ReadonlyMap<number, infer V> ? V : never>();
    for (const [index, recorded] of segment.head.jobs.entries()) {
      if (!of.identities.has(recorded.id) || recorded.stage !== of.job.stage) continue;
      const isSamePlan = recorded.id === of.job.id && segment.head.jobs === of.plan.jobs;
      jobs.set(
        index,
        isSamePlan ? null : unitMappingOf(placedIn(segment, recorded), placedInPlan(of.plan, of.job)),
      );
    }
    if (jobs.size === 0) continue;
    const [first] = jobs.keys();
    const experiment = segment.head.experiments.find(
      ({ name }) => name === segment.head.jobs[first!]!.experiment,
    );
    if (experiment !== undefined)
      sources.push({ segment, end: pinned?.get(segment.name) ?? null, jobs, experiment });
  }
  return sources;
}

function placedIn(segment: Segment, job: Job): PlacedJob {
  const experiment = segment.head.experiments.find(({ name }) => name === job.experiment);
  if (experiment === undefined) throw new Error(`${segment.name} names no experiment ${job.experiment}`);
  const { space, replicates, derivedHashes } = experiment;
  return { job, space, replicates, derivedHashes };
}

function placedInPlan(plan: Plan, job: Job): PlacedJob {
  const experiment = plan.experiments.find(({ name }) => name === job.experiment);
  if (experiment === undefined) throw new Error(`the plan has no experiment ${job.experiment}`);
  const { space, replicates, derivedHashes } = experiment;
  return { job, space, replicates, derivedHashes };
}

function relativesOf(
  job: Job,
  segments: readonly Segment[],
  counting: ReadonlySet<JobId>,
): readonly RelativeJob[] {
  const newest = new Map<JobId, { readonly job: Job; readonly segment: Segment }>();
  for (const segment of segments)
    for (const recorded of segment.head.jobs)
      if (
        recorded.experiment === job.experiment &&
        recorded.stage === job.stage &&
        !counting.has(recorded.id)
      ) {
        // Deleting first moves the identity to the end of the map's order.
        newest.delete(recorded.id);
        newest.set(recorded.id, { job: recorded, segment });
      }
  return [...newest.values()].reverse().map(({ job: relative, segment }) => {
    const head = segment.head;
    const to = placedIn(segment, relative);
    const sources = segments.flatMap((each): LedgerSource[] => {
      const index = each.head.jobs.findIndex(({ id }) => id === relative.id);
      if (index < 0) return [];
      const mapping = each.head === head ? null : unitMappingOf(placedIn(each, each.head.jobs[index]!), to);
      const experiment = each.head.experiments.find(({ name }) => name === relative.experiment)!;
      return [{ segment: each, end: null, jobs: new Map([[index, mapping]]), experiment }];
    });
    const ledger = scanJobLedger(unitCountOf(relative), sources);
    return {
      job: relative,
      run: segment.run,
      recorded: ledger.doneCount,
      read: () => jobRecordsOf(ledger, 0).read(),
    };
  });
}
