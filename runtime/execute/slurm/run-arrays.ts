// The arrays of a run: submitted, their elements shown as hosts when they begin, and replaced when Slurm takes them away. An array that an earlier
// controller of the run has left is taken over.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HostDemand, HostDoor, HostSupply } from "../protocol/executor.ts";
import {
  type ArrayFolder,
  type ControllerCard,
  type LifeCard,
  type LifeName,
  lifeCard,
  lifeEnded,
  lifeNameOf,
  writeCard,
} from "./array-folder.ts";
import { type Submitted, submitArray } from "./batch-script.ts";
import { ElementHost } from "./element-host.ts";
import { namesIn } from "./line-file.ts";
import { QueueNews } from "./queue-news.ts";
import {
  type ArrayLimits,
  arrayLimits,
  endOf,
  type ListedElement,
  listed,
  requeued,
  slurm,
} from "./slurm-commands.ts";
import { elementsFor, type SlurmSetting } from "./slurm-options.ts";

const lookMs = 200;
const beatMs = 2000;
/** Between two questions to Slurm: soon after something has changed, seldom while nothing does. */
const askMs = { first: 1000, most: 15_000 } as const;
const submitPauseMs = { first: 1000, most: 60_000 } as const;
const logWordsMax = 2000;
/** What sbatch says of an array that is too long, or of more jobs than somebody may have. */
const tooManyWords = /job array specification|limit/i;

/** What one call of `open` has asked for. */
interface Ask {
  readonly door: HostDoor;
  /** Elements that are to wait or run. */
  wanted: number;
  /** Submitted for it, or taken over; by element, how many lives were seen. */
  readonly elements: Map<string, { readonly array: string; readonly task: number; wasSeen: boolean }>;
  isClosed: boolean;
  isSubmitting: boolean;
  /** Submissions in a row of which no element has begun. */
  fruitless: number;
  submitAt: number;
}

interface Brought {
  readonly life: LifeName;
  readonly host: ElementHost;
}

export interface RunArraysOptions {
  readonly setting: SlurmSetting;
  readonly folder: ArrayFolder;
  /** As Slurm lists the arrays; theirs alone. */
  readonly jobName: string;
  /** Number of the controller that asks. */
  readonly controller: number;
  /** Absolute path of the folder of builds. */
  readonly code: string;
  /** What a worker thread may take, in MB. */
  readonly memoryMb: number | null;
  /** Called once, when the run is over. */
  readonly onLeft: () => void;
}

/** The arrays of a run, for as long as one controller has them. */
export class RunArrays {
  readonly #options: RunArraysOptions;
  readonly #asks: Ask[] = [];
  readonly #hosts = new Map<string, Brought>();
  readonly #seen = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Null until Slurm has answered since the last submission. */
  #listing: readonly ListedElement[] | null = null;
  #isAsking = false;
  #askAt = 0;
  #askPauseMs: number = askMs.first;
  #beat = 0;
  #started = 0;
  #isOver = false;
  readonly #news = new QueueNews((text) => this.#asks.find(({ isClosed }) => !isClosed)?.door.onNews?.(text));
  #limits: ArrayLimits | null = null;
  /** Elements of one array, less once Slurm has refused as many. */
  #arrayMost = Number.POSITIVE_INFINITY;

  constructor(options: RunArraysOptions) {
    this.#options = options;
    mkdirSync(options.folder.lives, { recursive: true });
    this.#show("here");
    this.#timers.push(
      setInterval(() => this.#show("here"), beatMs),
      setInterval(() => this.#look(), lookMs),
    );
    setImmediate(() => this.#look());
  }

  open({ units, hosts, threads }: HostDemand, door: HostDoor): HostSupply {
    const { setting } = this.#options;
    const isFirst = this.#asks.length === 0;
    const ask: Ask = {
      door,
      // A larger demand than the first is one for more threads.
      wanted: isFirst ? elementsFor(setting, units) : Math.ceil((hosts * threads) / setting.threads),
      elements: new Map(),
      isClosed: false,
      isSubmitting: false,
      fruitless: 0,
      submitAt: 0,
    };
    this.#asks.push(ask);
    return {
      get threads() {
        return ask.wanted * setting.threads;
      },
      close: () => this.#close(ask),
    };
  }

  /** Lets go of the array: it goes on with what it has, and waits for the next controller. */
  leave(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#show("away");
    for (const { host } of this.#hosts.values()) host.letGo();
  }

  #show(state: ControllerCard["state"]): void {
    this.#beat += 1;
    try {
      const { folder, controller, setting, memoryMb, code } = this.#options;
      const { threads, labels } = setting;
      writeCard(folder, { controller, beat: this.#beat, state, threads, memoryMb, labels, code });
    } catch {
      // The file system is away; elements wait for it as this controller does.
    }
  }

  #look(): void {
    for (const name of namesIn(this.#options.folder.lives)) {
      if (this.#seen.has(name)) continue;
      const life = lifeNameOf(name);
      if (life !== null) this.#meet(name, life);
    }
    const now = performance.now();
    if (!this.#isAsking && now >= this.#askAt) void this.#askSlurm();
    if (this.#listing === null) return;
    for (const ask of this.#asks)
      if (!ask.isClosed && !ask.isSubmitting && now >= ask.submitAt) this.#fill(ask);
  }

  /** A life that shows itself: those of its element before it are over. */
  #meet(name: string, life: LifeName): void {
    const folder = join(this.#options.folder.lives, name);
    const ask = this.#askOf(life);
    // Whose it is shows once Slurm was asked.
    if (ask === null) return;
    this.#seen.add(name);
    const element = ask.elements.get(elementText(life));
    if (element !== undefined) element.wasSeen = true;
    ask.fruitless = 0;
    for (const brought of this.#hosts.values())
      if (elementText(brought.life) === elementText(life))
        void brought.host.end({
          reason: "was started again by Slurm",
          isTaken: brought.life.restart < life.restart,
        });
    if (existsSync(join(folder, lifeEnded)) || ask.isClosed || this.#isSuperseded(life)) return;
    this.#started += 1;
    const host = new ElementHost({
      name: `${nodeOf(folder)}-${this.#started}`,
      folder,
      controller: this.#options.controller,
      onGone: () => this.#forget(name),
    });
    this.#hosts.set(name, { life, host });
    host.listener = ask.door.onHost(host);
    this.#askSoon();
  }

  #isSuperseded(life: LifeName): boolean {
    return namesIn(this.#options.folder.lives).some((name) => {
      const other = lifeNameOf(name);
      if (other === null || elementText(other) !== elementText(life)) return false;
      return other.restart > life.restart || (other.restart === life.restart && other.host > life.host);
    });
  }

  #askOf(life: LifeName): Ask | null {
    const known = this.#asks.find(({ elements }) => elements.has(elementText(life)));
    if (known !== undefined) return known;
    // Of an array that an earlier controller has submitted, and of which nothing runs any more.
    return this.#listing === null ? null : (this.#asks[0] ?? null);
  }

  #forget(name: string): void {
    this.#hosts.delete(name);
    this.#askSoon();
    this.#leaveWhenDone();
  }

  #askSoon(): void {
    this.#askPauseMs = askMs.first;
    this.#askAt = Math.min(this.#askAt, performance.now() + askMs.first);
  }

  async #askSlurm(): Promise<void> {
    this.#isAsking = true;
    const asked = new Set(this.#asks.flatMap(({ elements }) => [...elements.keys()]));
    const elements = await listed(this.#options.jobName);
    this.#isAsking = false;
    this.#askAt = performance.now() + this.#askPauseMs;
    this.#askPauseMs = Math.min(askMs.most, this.#askPauseMs * 1.5);
    if (this.#isOver) return;
    this.#news.heard(elements);
    if (typeof elements === "string") return;
    const [first] = this.#asks;
    for (const { array, task } of elements)
      if (first !== undefined && !this.#asks.some((ask) => ask.elements.has(elementText({ array, task }))))
        first.elements.set(elementText({ array, task }), { array, task, wasSeen: false });
    this.#listing = elements;
    await this.#bury(elements, asked);
  }

  /** What Slurm runs no more is gone. */
  async #bury(elements: readonly ListedElement[], asked: ReadonlySet<string>): Promise<void> {
    const known = new Map(elements.map((element) => [elementText(element), element]));
    for (const { life, host } of [...this.#hosts.values()]) {
      const element = known.get(elementText(life));
      if (element?.isOnNode === true) continue;
      const end = element === undefined ? await endOf(life) : requeued;
      // Whoever had all of its time and did nothing with it would not in that of another either.
      const isTaken = end?.isTimeLimit !== true || host.wasUseful;
      await host.end({ reason: end?.words ?? "is gone from Slurm's queue", isTaken });
    }
    for (const ask of this.#asks)
      for (const [text, element] of [...ask.elements]) {
        if (known.has(text) || !asked.has(text)) continue;
        ask.elements.delete(text);
        await this.#mourn(ask, element);
      }
  }

  /** An element has ended: that it was cancelled, or never began, is told. */
  async #mourn(
    ask: Ask,
    element: { readonly array: string; readonly task: number; readonly wasSeen: boolean },
  ): Promise<void> {
    const end = await endOf(element);
    if (this.#isOver || ask.isClosed) return;
    if (end?.isCancelled === true) {
      // Whoever has cancelled it does not want another one.
      ask.wanted -= 1;
      if (ask.wanted === 0) ask.door.onHopeless?.("all elements of the array were cancelled (scancel)");
      return;
    }
    if (element.wasSeen) return;
    this.#delay(ask);
    const said = this.#logOf(element);
    ask.door.onMissing(
      `${end?.words ?? "is gone from Slurm's queue"} before it had begun${said === "" ? "" : `: ${said}`}`,
    );
  }

  #logOf({ array, task }: { readonly array: string; readonly task: number }): string {
    const path = this.#options.folder.log.replace("%A", array).replace("%a", `${task}`);
    try {
      return readFileSync(path, "utf8").slice(-logWordsMax).trim().split("\n").at(-1) ?? "";
    } catch {
      return "";
    }
  }

  #delay(ask: Ask): void {
    const pauseMs = Math.min(submitPauseMs.most, submitPauseMs.first * 2 ** ask.fruitless);
    ask.fruitless += 1;
    ask.submitAt = performance.now() + pauseMs;
  }

  #fill(ask: Ask): void {
    const missing = ask.wanted - ask.elements.size;
    if (missing > 0) void this.#submit(ask, missing);
  }

  async #submit(ask: Ask, missing: number): Promise<void> {
    ask.isSubmitting = true;
    const { setting, folder, jobName } = this.#options;
    this.#limits ??= await arrayLimits(setting.partition);
    const elements = Math.min(missing, this.#arrayMost, this.#limits.elements ?? missing);
    const usualSeconds = this.#limits.seconds;
    const submitted = await submitArray({ setting, folder, jobName, elements, usualSeconds });
    ask.isSubmitting = false;
    if (submitted.job === null) {
      this.#yield(ask, { elements, submitted });
      return;
    }
    for (let task = 0; task < elements; task += 1)
      ask.elements.set(elementText({ array: submitted.job, task }), {
        array: submitted.job,
        task,
        wasSeen: false,
      });
    this.#listing = null;
    this.#askSoon();
    // Closed meanwhile.
    if (ask.isClosed) this.#cancelWaiting();
  }

  /** Slurm took nothing: where there were too many, fewer are tried, and what it has is done with. */
  #yield(
    ask: Ask,
    { elements, submitted }: { readonly elements: number; readonly submitted: Submitted },
  ): void {
    const { words } = submitted;
    const isTooMany = tooManyWords.test(words);
    if (isTooMany && elements > 1) {
      this.#arrayMost = Math.ceil(elements / 2);
      return;
    }
    if (isTooMany && ask.elements.size > 0) {
      ask.wanted = ask.elements.size;
      ask.door.onNews?.(`Slurm takes no more than ${ask.wanted} elements of this run: ${words}`);
      return;
    }
    this.#delay(ask);
    if (!ask.isClosed) ask.door.onMissing(`could not be submitted: ${words}`);
  }

  #close(ask: Ask): void {
    ask.isClosed = true;
    if (this.#isOver || this.#asks.some(({ isClosed }) => !isClosed)) return;
    this.#cancelWaiting();
    this.#leaveWhenDone();
  }

  #cancelWaiting(): void {
    void slurm("scancel", ["--me", `--name=${this.#options.jobName}`, "--state=PENDING"]);
  }

  /** The run is over once nobody wants its hosts and the last of them has left. */
  #leaveWhenDone(): void {
    if (this.#isOver || this.#hosts.size > 0 || this.#asks.some(({ isClosed }) => !isClosed)) return;
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#show("over");
    rmSync(this.#options.folder.root, { recursive: true, force: true, maxRetries: 3 });
    this.#options.onLeft();
  }
}

function elementText({ array, task }: Pick<LifeName, "array" | "task">): string {
  return `${array}_${task}`;
}

function nodeOf(folder: string): string {
  try {
    // element-life.ts has written it before it made the life known.
    return (JSON.parse(readFileSync(join(folder, lifeCard), "utf8")) as LifeCard).node;
  } catch {
    return "node";
  }
}
