// An orchestrator as a run knows it: greeted before anything is asked of it, and again whenever it was out of reach; its simulations started as
// it has workers free and followed to their ends, by ids that say after any loss what became of them.
import { setTimeout as sleep } from "node:timers/promises";
import type { PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import type { Json } from "../../lib/experiment/json.ts";
import { LeftUnderWay, type PerformContext, TurnGivenUp } from "../effects/performer.ts";
import type { GateReading } from "../event/services.ts";
import type { PlannedSimulation } from "../plan/planned-port.ts";
import { simulationIdOf } from "../plan/simulation-id.ts";
import { configurationData, configurationText } from "./configuration.ts";
import { type Description, descriptionOf, schemaWords } from "./description.ts";
import { FreeWorkers, type WorkerPlace } from "./free-workers.ts";
import { type SimulationEnd, type SimulationState, stateOf } from "./simulation-state.ts";
import { type WatchedRows, watchedRows } from "./watched-rows.ts";
import { type Called, openWire, type Wire } from "./wire.ts";

/** Not known to it, or nobody knows for the loss of the connection. */
type Unended = { readonly kind: "unknown" } | { readonly kind: "lost" };

type Asked = Pick<PerformContext, "signal" | "queued" | "isResent" | "rowsSoFar">;

/** How often it is asked how many workers are free, in ms: while simulations wait, and while they only run. */
const askMs = { waiting: 250, running: 5000 } as const;
/** The first wait after a loss, doubled each time, and the longest, in ms. */
const lossMs = { first: 100, longest: 3000 } as const;
const awayMsUnlessTold = 600_000;

export class Orchestrator {
  readonly #planned: PlannedSimulation;
  readonly #settings: PortSettings;
  readonly #address: string;
  readonly #project: string | null;
  readonly #free: FreeWorkers;
  readonly #over = new AbortController();
  #opened: Promise<Wire> | null = null;
  /** While it is out of reach: resolves once it answers again, rejects when it has been away for too long. */
  #back: Promise<Description> | null = null;
  #isAsking = false;
  #outage = { isDown: false, count: 0, cause: "" };

  /** `project`: its key in the names of simulations; null for none. */
  constructor(
    planned: PlannedSimulation,
    of: { readonly address: string; readonly settings: PortSettings; readonly project: string | null },
  ) {
    this.#planned = planned;
    this.#settings = of.settings;
    this.#address = of.address;
    this.#project = of.project;
    this.#free = new FreeWorkers(of.settings.concurrency);
  }

  /**
   * Has one simulation of a trial computed, under another id where earlier attempts of it have ended. Throws, in words, where it fails, where it is refused by the orchestrator, and where the orchestrator stays away.
   */
  async simulate(
    trial: string,
    settings: Readonly<Record<string, Json>>,
    asked: Asked,
  ): Promise<{ readonly id: string; readonly attempt: number; readonly end: SimulationEnd }> {
    const wire = await unlessAborted(asked.queued(this.#wire()), asked.signal);
    const isText = wire.contract.configuration === "text";
    const make = isText ? configurationText : configurationData;
    // Data as JSON: of JSON and YAML nothing else comes.
    const configuration = (await make(this.#planned, settings)) as Json;
    for (let attempt = 1; ; attempt += 1) {
      const id = simulationIdOf(trial, { project: this.#project, attempt });
      const { end, isEarlier } = await this.#follow(wire, { simulation_id: id, configuration }, asked);
      // What ended before is the answer only where that was lost; cancelled it was for a run that has ended.
      const isAnswer = !isEarlier || (asked.isResent && end.kind !== "cancelled");
      if (isAnswer) return { id, attempt, end };
    }
  }

  /** Resolves with what it says of itself. Throws, in words, where it cannot be reached or speaks another schema. */
  async describe(): Promise<Description> {
    await this.#wire();
    return this.#return();
  }

  reading(): GateReading {
    const { awayMs = awayMsUnlessTold } = this.#settings;
    return this.#free.reading({
      isDown: this.#outage.isDown,
      count: this.#outage.count,
      words: `${this.#outage.cause}. It is asked again until it does, for ${Math.round(awayMs / 1000)} s at most; then the trials that wait for it fail.`,
    });
  }

  close(): void {
    this.#over.abort(new Error("the run is over"));
    this.#opened?.then(
      (wire) => wire.close(),
      () => undefined,
    );
  }

  #wire(): Promise<Wire> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<Wire> {
    const wire = await openWire(this.#planned, { address: this.#address, settings: this.#settings });
    await this.#greet(wire);
    return wire;
  }

  /** Asks until it answers, and looks at what it speaks. */
  async #greet(wire: Wire): Promise<Description> {
    const { awayMs = awayMsUnlessTold } = this.#settings;
    const since = performance.now();
    for (let losses = 0; ; losses += 1) {
      const running = this.#free.running;
      const called = await wire.describe();
      if ("answer" in called) {
        this.#outage = { ...this.#outage, isDown: false };
        const description = descriptionOf(called.answer);
        const words = schemaWords(description, this.#planned.sha256);
        if (words !== null) throw new Error(`${this.#address} ${words}`);
        this.#free.report(description.free, running);
        return description;
      }
      if (called.failed !== "lost")
        throw new Error(`${this.#address} refuses to describe itself: ${called.words}`);
      const { count } = this.#outage;
      this.#outage = { isDown: true, count: losses === 0 ? count + 1 : count, cause: called.words };
      wire.cut();
      const waited = performance.now() - since;
      if (waited >= awayMs)
        throw new Error(
          waited < 1000
            ? `${this.#address} does not answer: ${called.words}`
            : `${this.#address} has not answered for ${Math.round(waited / 1000)} s: ${called.words}`,
        );
      await sleep(lossWait(losses), undefined, { signal: this.#over.signal });
    }
  }

  async #return(): Promise<Description> {
    const wire = await this.#wire();
    this.#back ??= this.#greet(wire).finally(() => {
      this.#back = null;
    });
    return this.#back;
  }

  /** One simulation from wherever it stands to its end. */
  async #follow(
    wire: Wire,
    request: { readonly simulation_id: string; readonly configuration: Json },
    asked: Asked,
  ): Promise<{ readonly end: SimulationEnd; readonly isEarlier: boolean }> {
    const { signal, queued } = asked;
    const id = request.simulation_id;
    let place: WorkerPlace | null = null;
    /** Whether it may be running. */
    let isBegun = false;
    const losing = lossesOf(() => queued(unlessAborted(this.#return(), signal)), signal);
    try {
      for (;;) {
        const seen = await this.#watch(wire, id, asked, () => {
          losing.over();
          isBegun = true;
          place ??= this.#free.take();
        });
        if (seen.kind === "lost") await losing.again();
        else if (seen.kind === "unknown") {
          place ??= await queued(this.#enter(signal));
          isBegun = true;
          const refusal = await this.#start(wire, request, signal);
          if (refusal === "lost") await losing.again();
          if (refusal !== "full") continue;
          isBegun = false;
          this.#free.refuse(place);
          place = null;
        } else return { end: seen, isEarlier: !isBegun };
      }
    } catch (error) {
      if (!isBegun) throw error;
      // It cannot be reached and the run is to end: the simulation goes on, and the next run finds it.
      if (signal.reason instanceof TurnGivenUp) throw new LeftUnderWay(`simulation ${id} is left under way`);
      await wire.cancel(id);
      throw error;
    } finally {
      (place as WorkerPlace | null)?.leave();
    }
  }

  /** What it was refused for; null once it is started. */
  async #start(wire: Wire, request: Json, signal: AbortSignal): Promise<"lost" | "full" | null> {
    const called = await wire.start(request, signal);
    signal.throwIfAborted();
    if ("answer" in called || called.failed === "known") return null;
    if (called.failed === "lost" || called.failed === "full") return called.failed;
    throw new Error(`${this.#address} does not start the simulation: ${called.words}`);
  }

  /** Where a simulation ended, that it is not known, or that the connection was lost meanwhile. */
  async #watch(
    wire: Wire,
    id: string,
    { signal, rowsSoFar }: Asked,
    onRunning: () => void,
  ): Promise<SimulationEnd | Unended> {
    const rows = watchedRows(this.#planned.series);
    for await (const called of wire.watch(id, signal)) {
      signal.throwIfAborted();
      const state = this.#stateOf(id, called, rows);
      for (const [series, all] of Object.entries(rows.all)) rowsSoFar(series, all);
      if (state.kind !== "running") return state;
      onRunning();
    }
    return { kind: "lost" };
  }

  #stateOf(id: string, called: Called, rows: WatchedRows): SimulationState | Unended {
    if ("answer" in called) {
      const whose: unknown = Reflect.get(Object(called.answer), "simulation_id") ?? id;
      if (whose !== id && whose !== "")
        throw new Error(`${this.#address} tells of simulation ${whose}, where ${id} was asked for`);
      rows.add(called.answer);
      return stateOf(called.answer, { paths: this.#planned.metrics, rows: rows.all });
    }
    if (called.failed === "unknown" || called.failed === "lost") return { kind: called.failed };
    throw new Error(`${this.#address} does not say what became of the simulation: ${called.words}`);
  }

  #enter(signal: AbortSignal): Promise<WorkerPlace> {
    const place = this.#free.enter(signal);
    if (!this.#isAsking) void this.#keepAsking();
    return place;
  }

  /** Asks how many workers are free as long as anything waits or runs; a connection on which nothing comes any more is cut. */
  async #keepAsking(): Promise<void> {
    this.#isAsking = true;
    try {
      while (!this.#over.signal.aborted && this.#free.waiting + this.#free.running > 0) {
        await this.#return();
        const pace = this.#free.waiting > 0 ? askMs.waiting : askMs.running;
        await sleep(pace, undefined, { signal: this.#over.signal, ref: false });
      }
    } catch {
      // It stays away, or the run is over: whoever waits for it hears that by himself.
    } finally {
      this.#isAsking = false;
    }
  }
}

/** Waits between attempts of one who lost his connection: longer each time, until something comes again. */
function lossesOf(back: () => Promise<unknown>, signal: AbortSignal) {
  let losses = 0;
  return {
    over(): void {
      losses = 0;
    },
    async again(): Promise<void> {
      signal.throwIfAborted();
      if (losses > 0) await sleep(lossWait(losses), undefined, { signal });
      losses += 1;
      await back();
    },
  };
}

/** When it is asked again changes no result. */
function lossWait(losses: number): number {
  return Math.min(lossMs.longest, lossMs.first * 2 ** losses) * (0.5 + Math.random() / 2);
}

async function unlessAborted<T>(wait: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([wait, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
