// `expect(metric).toBeAbove(x)` and its like. Options may stand in either call; the second has the last word.
import type { DeclaredAnalysis, Gates } from "./analyses.ts";
import {
  acrossOption,
  baseline,
  bound,
  bounds,
  type Common,
  commonShapes,
  metricName,
} from "./analysis-shapes.ts";
import type { GateClaim } from "./analysis-spec.ts";
import { checkMeasure, checkWhere, type KnownNames, type Problems } from "./check-names.ts";
import {
  type Across,
  baselineOf,
  checkAcross,
  commonPart,
  type Declaration,
  declared,
  readCall,
  suffixOf,
  whereOf,
} from "./declared-analysis.ts";
import type { Json } from "./json.ts";

type Read<T extends object> = ReturnType<typeof readCall<T>>;

interface Claimed {
  readonly builder: Declaration["builder"];
  readonly read: Read<Common>;
  readonly claim: GateClaim;
  /** The claim in the words of the analysis's name. */
  readonly words: string;
  readonly checks?: readonly Problems[];
}

/** The gates of what `expect` was called with. */
export function gatesOf(
  known: KnownNames,
  args: readonly unknown[],
): Gates<Readonly<Record<string, Json>>, string> {
  const about: Read<{ metric: string } & Common> = readCall(args, { metric: metricName }, commonShapes);
  const { metric = "" } = about.call;
  const gate = ({ builder, read, claim, words, checks = [] }: Claimed): DeclaredAnalysis => {
    const options = { ...about.call, ...read.call };
    const name = options.name ?? `expect ${metric} ${words}${suffixOf(options)}`;
    const where = whereOf(options);
    const isSound = about.misfits.length === 0;
    return declared({
      builder,
      called: isSound ? builder.name : "expect",
      misfits: isSound ? read.misfits : about.misfits,
      spec: { kind: "expect", ...commonPart(name, options), metric, claim, where },
      checks: () => [checkMeasure(known, metric), ...checks, checkWhere(known, where)],
    });
  };
  const beyond = (kind: "above" | "below", builder: Declaration["builder"], given: readonly unknown[]) => {
    const read = readCall<{ bound: number } & Common>(given, { bound }, commonShapes);
    const claim = { kind, bound: read.call.bound ?? 0 };
    return gate({ builder, read, claim, words: `${kind} ${claim.bound}` });
  };
  const gates: Gates<Readonly<Record<string, Json>>, string> = {
    toBeAbove: (...given: readonly unknown[]) => beyond("above", gates.toBeAbove, given),
    toBeBelow: (...given: readonly unknown[]) => beyond("below", gates.toBeBelow, given),
    toBeWithin(...given: readonly unknown[]) {
      const read = readCall<{ bounds: readonly [number, number] } & Common>(given, { bounds }, commonShapes);
      const [low, high] = read.call.bounds ?? [0, 1];
      const claim = { kind: "within", low, high } as const;
      return gate({ builder: gates.toBeWithin, read, claim, words: `from ${low} to ${high}` });
    },
    toDiffer(...given: readonly unknown[]) {
      const shapes = { ...commonShapes, across: acrossOption, baseline };
      const read = readCall<Common & Across>(given, {}, shapes);
      const { across = "", baseline: level } = read.call;
      const claim = { kind: "differ", across, baseline: baselineOf(level) } as const;
      const words = `to differ across ${across}`;
      return gate({ builder: gates.toDiffer, read, claim, words, checks: checkAcross(known, read.call) });
    },
  };
  return gates;
}
