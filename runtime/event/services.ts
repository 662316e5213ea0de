// What the services that a run asks let through, and what was spent on them, as a run tells it while calls are made.

export interface Meter {
  readonly taken: number;
  readonly most: number;
}

export interface Outage {
  readonly isDown: boolean;
  readonly count: number;
  /** "12 calls in a row failed. One call at a time tries it, the others wait." */
  readonly words: string;
}

/** How full the gate of one endpoint is; null for what has no limit. */
export interface GateReading {
  /** Length of the window that requests and tokens are counted over, in milliseconds. */
  readonly windowMs: number;
  readonly requests: Meter | null;
  readonly tokens: Meter | null;
  /** Calls under way. */
  readonly calls: Meter;
  /** Calls that wait to be let in. */
  readonly waiting: number;
  /** Share of the limits that is gone at: less than 1 after the endpoint has said that it is too fast. */
  readonly share: number;
  /** Milliseconds until anybody is let in again; 0 while it is open. */
  readonly closedMs: number;
  /** Whether it does not answer, how often the run has found it so, and what is done about it, in words. */
  readonly outage: Outage;
}

export interface ServiceReading extends GateReading {
  /** Host of the endpoint, such as "api.example.com". */
  readonly service: string;
}

/** What a budget may be in, with what it has taken; null where there is no budget. */
export interface BudgetReading {
  readonly unit: "usd" | "tokens" | "calls";
  readonly taken: number;
  readonly most: number | null;
}
