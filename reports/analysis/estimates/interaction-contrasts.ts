// The contrasts that an interaction of factors is: what no sum of simpler terms can make of the cells that there are, and the simple ones that
// a reader can name, each a difference of effects from the first levels.
import { contrastSpace } from "../../../lib/stats/means/contrast-space.ts";
import type { Combination } from "../../design/combined-factor.ts";

/** One coefficient a cell. */
export type Coefficients = readonly number[];

export interface NamedContrast {
  /** "b = 2 rather than 1, at a = 3 rather than 1". */
  readonly label: string;
  /** "b = 2 rather than 1", between "3" and "1". */
  readonly effect: string;
  readonly at: string;
  readonly base: string;
  readonly coefficients: Coefficients;
}

/**
 * An orthonormal basis of the interaction of all factors over the given cells: what is orthogonal to every term of fewer factors. Over a whole
 * table it has the product of (levels - 1) members; missing cells take away what needs them.
 */
export function interactionSpace(cells: readonly Combination[]): readonly Coefficients[] {
  const factors = cells[0]?.levels.length ?? 0;
  const columns = Array.from({ length: factors }, (_, left) => {
    const keys = cells.map(({ levels }) => levels.filter((_, i) => i !== left).join("\u0000"));
    return [...new Set(keys)].map((key) => keys.map((own) => (own === key ? 1 : 0)));
  }).flat();
  return contrastSpace({ n: cells.length, columns });
}

/** The differences of effects from the first level of every factor whose cells are all there. */
export function namedContrasts(of: {
  readonly factors: readonly string[];
  /** Of each factor, the baseline first. */
  readonly levels: readonly (readonly string[])[];
  readonly cells: readonly Combination[];
}): readonly NamedContrast[] {
  const { factors, levels, cells } = of;
  const at = new Map(cells.map(({ levels: own }, i) => [own.join("\u0000"), i]));
  const targets = levels.reduce<readonly (readonly string[])[]>(
    (all, own) => all.flatMap((target) => own.slice(1).map((level) => [...target, level])),
    [[]],
  );
  return targets.flatMap((target) => {
    const coefficients = new Array<number>(cells.length).fill(0);
    for (let corner = 0; corner < 2 ** factors.length; corner += 1) {
      const isBase = factors.map((_, i) => ((corner >> i) & 1) === 1);
      const cell = at.get(target.map((level, i) => (isBase[i] ? levels[i]![0]! : level)).join("\u0000"));
      if (cell === undefined) return [];
      coefficients[cell] = isBase.filter((value) => value).length % 2 === 0 ? 1 : -1;
    }
    const parts = factors.map((name, i) => `${name} = ${target[i]} rather than ${levels[i]![0]}`);
    const effect = parts.at(-1)!;
    return [
      {
        label: `${effect}, at ${parts.slice(0, -1).join(" and ")}`,
        effect,
        at: target.slice(0, -1).join(", "),
        base: levels
          .slice(0, -1)
          .map((own) => own[0])
          .join(", "),
        coefficients,
      },
    ];
  });
}
