// What the server of the live page is given, and what its routes share.
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { Right } from "./guard.ts";
import type { LabCommand } from "./plan-child.ts";
import type { RunWatcher } from "./run-watcher.ts";

/** What needs more than the runtime knows. */
export interface UiPorts {
  /** The report of a run as one page of HTML. */
  readonly reportOf: (store: ProjectStore, run: RunManifest) => Promise<string>;
  /** Two runs held against each other, as such a page. */
  readonly comparisonOf: (store: ProjectStore, before: RunManifest, after: RunManifest) => Promise<string>;
}

export interface UiOptions extends LabCommand {
  readonly port: number;
  readonly readOnly: boolean;
  readonly ports: UiPorts;
}

/** What the routes share. */
export interface UiContext {
  readonly options: UiOptions;
  readonly store: ProjectStore;
  /** Throws UserError for a run that there is not. */
  watcherOf(reference: string): Promise<RunWatcher>;
  /** The address of a report, good for one document and half a minute. */
  ticketFor(html: string): string;
}

export interface UiRequest {
  /** After /api: "run", an id, a view ... */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Of a POST; null of a GET. */
  readonly body: unknown;
  readonly right: Right;
}
