// The space of conditions as a tree of plain data. With functions for `where` and derived values it is a Space; with their
// numbers in their stead it is a SpaceDescriptor: JSON that a build stores and that needs no code of the author's.
import type { CallSite } from "../call-site.ts";
import type { Json } from "../json.ts";

/** One point of a space: parameter names to values, in declared order. */
export type Condition = Readonly<Record<string, Json>>;

/** The levels of a sweep; ranges are kept as their rule, so that a million levels cost nothing. */
export type LevelSource =
  | { readonly kind: "list"; readonly levels: readonly Json[] }
  /** start, start + step, ... `count` levels; the stop is excluded, as in Python's range. */
  | { readonly kind: "range"; readonly start: number; readonly step: number; readonly count: number }
  /** `count` levels at equal distances, both ends included. */
  | { readonly kind: "linspace"; readonly start: number; readonly stop: number; readonly count: number }
  /** `count` levels at equal ratios, both ends included. */
  | { readonly kind: "log"; readonly start: number; readonly stop: number; readonly count: number };

/** What one column of a sampled design draws from. */
export type SampledRange =
  /** Real numbers, low <= x < high, uniform. */
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  /** Real numbers, 0 < low <= x < high, uniform in the logarithm. */
  | { readonly kind: "log"; readonly low: number; readonly high: number }
  /** Whole numbers, low <= x <= high, equally likely. */
  | { readonly kind: "integer"; readonly low: number; readonly high: number }
  /** Levels, equally likely. */
  | { readonly kind: "choice"; readonly levels: LevelSource };

export type SpaceParameter =
  | { readonly name: string; readonly kind: "constant"; readonly value: Json }
  | { readonly name: string; readonly kind: "sweep"; readonly levels: LevelSource };

/** A tree of spaces. `Predicate` and `Value` are functions in a Space, and their position in a SpaceDescriptor. */
export type SpaceTree<Predicate, Value> =
  /** All combinations of the parameters' levels; the last declared varies fastest. */
  | { readonly kind: "product"; readonly parameters: readonly SpaceParameter[] }
  /** All combinations of the conditions of several spaces; the last varies fastest. */
  | { readonly kind: "cross"; readonly of: readonly SpaceTree<Predicate, Value>[] }
  /** One branch at a time, named by the parameter `tag`. */
  | {
      readonly kind: "oneOf";
      readonly tag: string;
      readonly branches: readonly { readonly name: string; readonly of: SpaceTree<Predicate, Value> }[];
    }
  /** The factors' levels side by side: the i-th of each. */
  | {
      readonly kind: "zip";
      readonly factors: readonly { readonly name: string; readonly levels: LevelSource }[];
    }
  /** The conditions of several spaces one after the other. */
  | { readonly kind: "concat"; readonly of: readonly SpaceTree<Predicate, Value>[] }
  /** A plain list. */
  | { readonly kind: "conditions"; readonly rows: readonly Condition[] }
  /** Those conditions of `of` that the predicate admits; indexes still count all of them. */
  | { readonly kind: "where"; readonly of: SpaceTree<Predicate, Value>; readonly predicate: Predicate }
  /** The conditions of `of` with values that follow from them. */
  | {
      readonly kind: "derived";
      readonly of: SpaceTree<Predicate, Value>;
      readonly values: readonly { readonly name: string; readonly value: Value }[];
    }
  /** A design of `count` points over ranges. */
  | {
      readonly kind: "sampled";
      readonly method: "latin-hypercube" | "sobol" | "random";
      readonly count: number;
      readonly seed: number;
      /** Sobol only: random linear scramble and digital shift (Matousek 1998). */
      readonly scramble: boolean;
      readonly ranges: readonly { readonly name: string; readonly range: SampledRange }[];
    }
  /** Room for `capacity` conditions over ranges that are proposed while a run goes on. Slot i is a condition once `rows[i]` is there. */
  | {
      readonly kind: "proposed";
      readonly capacity: number;
      readonly ranges: readonly { readonly name: string; readonly range: SampledRange }[];
      /** What is proposed so far, by slot; empty in a build. May grow under a reader, never change. */
      readonly rows: readonly Condition[];
    };

/** A function of the author's over conditions. */
export interface ConditionFunction<T> {
  readonly call: (condition: Condition) => T;
  /** What it is: `where`, `derived value "share"`. */
  readonly part: string;
  /** Where `space.where` or `space.derive` was called. */
  readonly site: CallSite | null;
}

/** Is told which function of the author's is about to be called, and with what. */
export type BeforeCall = (
  called: Pick<ConditionFunction<unknown>, "part" | "site">,
  condition: Condition,
) => void;

/** A space as a definition holds it. */
export type Space = SpaceTree<ConditionFunction<boolean>, ConditionFunction<unknown>>;

/** A space as a build stores it: JSON. Functions are named by their position in a walk of the tree. */
export type SpaceDescriptor = SpaceTree<number, number>;

/** A parameter that takes several values by design. */
export interface Factor {
  readonly name: string;
  /** Distinct levels in declared order; null for a sampled range. */
  readonly levels: readonly Json[] | null;
  /** The range of a sampled design; null otherwise. */
  readonly range: SampledRange | null;
  /** The branch of a conditional space that it belongs to; null when shared or in several branches. */
  readonly branch: { readonly tag: string; readonly value: string } | null;
  /** The factors that change together with it by declaration (`space.zip`); empty for none. */
  readonly zippedWith: readonly string[];
}

/** A space that can be read by index. Holds no list of conditions: `at` computes. */
export interface IndexedSpace {
  /** Number of raw conditions, before `where`. */
  readonly size: number;
  /** A fresh plain object, parameters in declared order, derived values included; its nested values are frozen. RangeError outside 0..size-1. */
  at(index: number): Condition;
  /** The raw index of an equal condition (derived values may be left out), or -1. */
  indexOf(condition: Readonly<Record<string, unknown>>): number;
  /** Whether every `where` admits this raw condition. Calls the author's predicates unless the space was rebuilt with a bitmap. */
  admits(index: number): boolean;
  /** Whether any `where` is present, so that `admits` may be false. */
  readonly filtered: boolean;
  /** Whether any derived value is present. */
  readonly derives: boolean;
  /** Whether conditions are proposed while a run goes on: `admits` is false for a slot until then, and `at` lacks its parameters. */
  readonly grows: boolean;
  readonly factors: readonly Factor[];
  /** Parameters with the same declared value in every condition. */
  readonly constants: Condition;
  /** Every parameter that any condition has, in declared order. */
  readonly parameters: readonly string[];
}
