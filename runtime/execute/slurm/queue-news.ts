// What Slurm says of a run's elements that whoever follows the run should know: that it does not answer, and why elements wait.
import type { ListedElement } from "./slurm-commands.ts";

/** What waits for so long is told. */
const patienceMs = 10_000;
/** One answer that fails is an accident. */
const failuresMin = 2;

export class QueueNews {
  readonly #tell: (text: string) => void;
  readonly #now: () => number;
  #failures = 0;
  /** Why elements wait, since when, and whether that was told. */
  #waiting: { readonly why: string; readonly since: number; isTold: boolean } | null = null;

  constructor(tell: (text: string) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** An answer of squeue: the elements that wait or run, or in words why there is none. */
  heard(answer: readonly ListedElement[] | string): void {
    if (typeof answer === "string") {
      this.#failures += 1;
      if (this.#failures === failuresMin)
        this.#tell(`Slurm does not answer: ${answer}. Elements go on; none is submitted meanwhile`);
      return;
    }
    if (this.#failures >= failuresMin) this.#tell("Slurm answers again");
    this.#failures = 0;
    this.#look(answer);
  }

  #look(elements: readonly ListedElement[]): void {
    const waiting = elements.filter(({ isOnNode }) => !isOnNode);
    const reasons = new Set(waiting.map(({ reason }) => reason).filter((reason) => reason !== "None"));
    const why = [...reasons].sort().join(", ");
    if (why === "") {
      this.#waiting = null;
      return;
    }
    if (this.#waiting?.why !== why) this.#waiting = { why, since: this.#now(), isTold: false };
    if (this.#waiting.isTold || this.#now() - this.#waiting.since < patienceMs) return;
    this.#waiting.isTold = true;
    const all = elements.length;
    const whom = all === 1 ? "the element waits" : `${waiting.length} of ${all} elements wait`;
    this.#tell(`${whom} in Slurm's queue (${why})`);
  }
}
