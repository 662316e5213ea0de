// The account of a unit's calls by port, gathered as answers come. A trial that is taken up gathers it again from the journal, or finds it in its
// checkpoint.
import type { CallNote } from "../../../../lib/experiment/effects/port.ts";
import { noCalls, type PortCalls } from "../../../record/port-calls.ts";
import type { EffectReply } from "../../protocol/protocol.ts";

/** Causes that are told apart; what comes beyond them counts as "other". */
const causesMax = 40;
const causeLengthMax = 60;

type Gathered = {
  -readonly [K in keyof PortCalls]: PortCalls[K] extends readonly number[]
    ? number[]
    : PortCalls[K] extends Readonly<Record<string, number>>
      ? Record<string, number>
      : PortCalls[K];
};

export class CallLog {
  readonly #ports = new Map<string, Gathered>();

  /** One a port that was asked, in the order of first asking. */
  get ports(): readonly PortCalls[] {
    return [...this.#ports.values()];
  }

  restore(saved: readonly PortCalls[]): void {
    this.#ports.clear();
    for (const calls of saved) this.#ports.set(calls.port, gatheredOf(calls));
  }

  /** What the run has answered to a call. */
  answered(port: string, reply: Exclude<EffectReply, { kind: "perform" }>): void {
    if (reply.kind === "refused" && reply.cause !== "effect") return;
    const of = this.#of(port);
    if (reply.kind === "response" && reply.isReused) {
      of.reused += 1;
      return;
    }
    const { failed, isResent } = reply.attempts;
    of.calls += 1;
    if (isResent) of.resent += 1;
    for (const cause of failed) add(of.failures, cause);
    if (reply.kind === "refused") return;
    const { latencyMs, promptTokens = 0, completionTokens = 0, costUsd } = reply.usage;
    of.answered += 1;
    if (failed.length === 0) of.answeredAtOnce += 1;
    if (latencyMs !== undefined) of.latencyMs.push(latencyMs);
    of.promptTokens += promptTokens;
    of.completionTokens += completionTokens;
    if (costUsd === undefined) of.unpriced += 1;
    else of.costUsd += costUsd;
  }

  /** What the trial says of an answer. */
  noted(port: string, note: CallNote): void {
    const of = this.#of(port);
    if (note.kind === "repair") of.repairs += 1;
    else if (note.kind === "fallback") of.fallbacks += 1;
    else add(of.unusable, note.cause);
  }

  #of(port: string): Gathered {
    const known = this.#ports.get(port);
    if (known !== undefined) return known;
    const made = gatheredOf(noCalls(port));
    this.#ports.set(port, made);
    return made;
  }
}

function gatheredOf(calls: PortCalls): Gathered {
  const { failures, unusable, latencyMs } = calls;
  return { ...calls, failures: { ...failures }, unusable: { ...unusable }, latencyMs: [...latencyMs] };
}

function add(counts: Record<string, number>, words: string): void {
  const cause = words.slice(0, causeLengthMax);
  const isRoom = Object.hasOwn(counts, cause) || Object.keys(counts).length < causesMax;
  const name = isRoom ? cause : "other";
  counts[name] = (counts[name] ?? 0) + 1;
}
