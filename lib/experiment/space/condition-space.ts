// The author's side of a space: the handle that every combinator returns, and the types that say which conditions and factors it
// has. The types are what makes a misspelt factor red in the editor.
import type { CallSite } from "../call-site.ts";
import type { Json } from "../json.ts";
import type { DefinitionProblem } from "../problem.ts";
import type { LevelSource, SampledRange, Space } from "./space.ts";

declare const types: unique symbol;

/** A parameter that takes several levels; T is the union of their types. Made by `sweep`. */
export interface Sweep<T> {
  readonly kind: "labwright/sweep";
  readonly levels: LevelSource;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
  readonly [types]?: T;
}

/** A range that a sampled design draws from. Made by `between`. */
export interface Between {
  readonly kind: "labwright/between";
  readonly range: SampledRange;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
}

/** A space made by a combinator: C is the union of its conditions' types, F the names of its factors. */
export interface ConditionSpace<C, F extends string> {
  readonly kind: "labwright/space";
  readonly tree: Space;
  readonly problems: readonly DefinitionProblem[];
  readonly sites: Readonly<Record<string, CallSite | null>>;
  readonly [types]?: { readonly condition: C; readonly factors: F };
}

/** Constants and sweeps by name: a space by itself, the product of its sweeps. */
export interface ParameterRecord {
  readonly [name: string]: Sweep<unknown> | Json;
}

/** Whatever stands for a space: a record, or what a combinator returned. */
export type SpaceInput = ParameterRecord | ConditionSpace<unknown, string>;

export type Simplify<T> = T extends unknown ? { [K in keyof T]: T[K] } : never;

/** Numbers and booleans of a constant lose their literal type: the command line may set another (`-S memory=2`). */
export type Widened<T> = Json extends T
  ? T
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends string | null
        ? T
        : { readonly [K in keyof T]: Widened<T[K]> };

type ParametersOf<R> = {
  readonly [K in keyof R]: R[K] extends Sweep<infer T> ? T : Widened<R[K]>;
};

type AnyNumber<T> = T extends number ? number : T;

/**
 * A condition as a trial and its stages see it: numbers lose their literal type, for the command line may set others (`-S size=9`);
 * text keeps it, so that a tag narrows to its branch. Analyses keep all literals.
 */
export type Seen<C> = C extends unknown ? { readonly [K in keyof C]: AnyNumber<C[K]> } : never;

/** The type of a space's conditions: a union where the space has branches. */
export type ConditionOf<P> = P extends ConditionSpace<infer C, string> ? C : Simplify<ParametersOf<P>>;

/** The names of a space's factors. */
export type FactorOf<P> =
  P extends ConditionSpace<unknown, infer F>
    ? F
    : { [K in keyof P & string]: P[K] extends Sweep<unknown> ? K : never }[keyof P & string];

/** Parameters of any branch. */
export type ParameterOf<C> = C extends unknown ? keyof C & string : never;

/** The levels of a factor, over all branches that have it. */
export type LevelOf<C, F extends PropertyKey> = C extends { readonly [K in F]: infer L } ? L : never;

/** A level of a type that any parameter may have. */
export type Constrained<C, F extends string> = { readonly [K in F]?: LevelOf<C, K> };
