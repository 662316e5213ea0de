// Nash equilibria of two-player matrix games by support enumeration: for every pair of supports of one size, the mixture that makes the
// opponent indifferent, kept where nobody gains by another action (von Stengel 2002, algorithm 3.4).
import type { MatrixGame } from "./matrix-game.ts";

/** A pair of mixed strategies from which nobody gains by deviating alone. */
export interface Equilibrium {
  /** Probability of each action of the row player, in the game's order. */
  readonly row: readonly number[];
  readonly column: readonly number[];
  /** Expected payoffs. */
  readonly payoffs: readonly [row: number, column: number];
}

/** How far from a best response rounding may leave an action, in units of the largest payoff. */
const tolerance = 1e-9;
/** Pairs of supports are 2^(m + n) in number. */
const actionsMax = 12;

/**
 * All equilibria with supports of one size: every equilibrium of a nondegenerate game. In a degenerate one (a payoff tie that matters) it
 * holds the ends of sets of equilibria, not all their points.
 * @example nashEquilibria(matchingPennies) // one: both 1/2, 1/2, payoffs 0, 0
 * @throws RangeError for more than 12 actions of a player.
 */
export function nashEquilibria(game: MatrixGame): readonly Equilibrium[] {
  const { rows, columns, payoffs } = game;
  if (rows.length > actionsMax || columns.length > actionsMax) {
    throw new RangeError(
      `game ${game.name}: expected at most ${actionsMax} actions a player for all equilibria`,
    );
  }
  const forRow = payoffs.map((row) => row.map(([own]) => own));
  const forColumn = columns.map((_, j) => payoffs.map((row) => row[j]![1]));
  const scale = Math.max(1e-300, ...payoffs.flat(2).map(Math.abs));
  const found: Equilibrium[] = [];
  for (const rowSupport of supportsOf(rows.length)) {
    for (const columnSupport of supportsOf(columns.length)) {
      if (rowSupport.length !== columnSupport.length) continue;
      const column = indifferent(forRow, { chooses: rowSupport, mixes: columnSupport, scale });
      const row = indifferent(forColumn, { chooses: columnSupport, mixes: rowSupport, scale });
      if (row === null || column === null) continue;
      found.push({
        row,
        column,
        payoffs: [expectedOf(forRow, row, column), expectedOf(forColumn, column, row)],
      });
    }
  }
  return found;
}

/** All non-empty sets of 0 to n - 1, small ones first. */
function supportsOf(n: number): readonly (readonly number[])[] {
  const all = Array.from({ length: 2 ** n - 1 }, (_, i) =>
    Array.from({ length: n }, (__, action) => action).filter((action) => ((i + 1) >> action) & 1),
  );
  return all.sort((a, b) => a.length - b.length);
}

/**
 * The mixture over `mixes` under which all of `chooses` earn their player the same and no other action more; null where there is none.
 * `payoffs[i][j]` is what the choosing player earns with i against j.
 */
function indifferent(
  payoffs: readonly (readonly number[])[],
  of: { readonly chooses: readonly number[]; readonly mixes: readonly number[]; readonly scale: number },
): readonly number[] | null {
  const { chooses, mixes, scale } = of;
  // Unknowns: the probabilities of `mixes` and the value v. Rows: payoff of each choice = v; probabilities add up to 1.
  const system = [
    ...chooses.map((i) => [...mixes.map((j) => payoffs[i]![j]! / scale), -1, 0]),
    [...mixes.map(() => 1), 0, 1],
  ];
  const solved = solve(system);
  if (solved === null || solved.slice(0, -1).some((p) => p < tolerance)) return null;
  const mixture = payoffs[0]!
    .map((_, j) => solved[mixes.indexOf(j)] ?? 0)
    .map((p, j) => (mixes.includes(j) ? p : 0));
  const value = solved.at(-1)!;
  const best = Math.max(
    ...payoffs.map((row) => row.reduce((sum, pay, j) => sum + (pay / scale) * mixture[j]!, 0)),
  );
  return best > value + tolerance ? null : mixture;
}

/** The solution of a square linear system given as rows with their right side; null where it has none or many. */
function solve(system: readonly (readonly number[])[]): readonly number[] | null {
  const rows = system.map((row) => [...row]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    if (Math.abs(rows[pivot]![k]!) < 1e-12) return null;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

function expectedOf(
  payoffs: readonly (readonly number[])[],
  own: readonly number[],
  other: readonly number[],
): number {
  return payoffs.reduce(
    (sum, row, i) => sum + own[i]! * row.reduce((inner, pay, j) => inner + pay * other[j]!, 0),
    0,
  );
}
