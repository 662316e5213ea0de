// Where the trials of a run are whose ids the page was told: an id is a hash, and finding one among a million trials takes a second, in which
// nobody else is answered.
import { type OpenedPlan, trialOf } from "../../plan/opened-plan.ts";
import { type FoundTrial, findTrial } from "../../run/again/find-trial.ts";
import type { TrialRow } from "../detail-data.ts";
import type { TrialColumns } from "./run-tables.ts";

type Place = Pick<FoundTrial, "jobIndex" | "unit">;

const placesMost = 50_000;

export class HeardTrials {
  /** By id, the one told last at the end. */
  readonly #places = new Map<string, Place>();

  noteRows({ opened, unitOf }: TrialColumns, rows: readonly TrialRow[]): void {
    const { index } = trialOf(opened);
    for (const { id, row } of rows) this.#note(id, { jobIndex: index, unit: unitOf(row) });
  }

  /** As findTrial. */
  find(opened: OpenedPlan, reference: string): FoundTrial | null {
    const found = this.#known(opened, reference) ?? findTrial(opened, reference);
    if (found !== null) this.#note(found.id, found);
    return found;
  }

  #note(id: string, { jobIndex, unit }: Place): void {
    this.#places.delete(id);
    this.#places.set(id, { jobIndex, unit });
    if (this.#places.size > placesMost) this.#places.delete(this.#places.keys().next().value ?? "");
  }

  #known(opened: OpenedPlan, id: string): FoundTrial | null {
    const place = this.#places.get(id);
    if (place === undefined) return null;
    const { jobIndex, unit } = place;
    for (const experiment of opened.experiments) {
      const own = experiment.jobs.find(({ index }) => index === jobIndex);
      // Ids are made by one function alone; this one was made for this unit.
      if (own !== undefined) return { id: id as FoundTrial["id"], experiment, jobIndex, job: own.job, unit };
    }
    return null;
  }
}
