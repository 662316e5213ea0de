// A counterexample as a short story that a person can follow: parameters, seed, what was done, the state before and after, which rule.
import { textOf } from "./plain-state.ts";
import type { Counterexample } from "./scenario.ts";

/** Rounds told one by one, at most; of a longer story the last ones. */
const roundsTold = 12;

/** Lines of text without colour. */
export function storyOf(environment: string, { scenario, violation }: Counterexample): readonly string[] {
  const { rule, found, actions, before, after } = violation;
  const told = actions.slice(-roundsTold);
  const first = actions.length - told.length;
  const rounds = told.map((done, i) => {
    const what = Object.entries(done).map(([agent, action]) => `${agent}: ${textOf(action)}`);
    return `  round ${first + i}   ${what.join(", ")}`;
  });
  return [
    `${environment} breaks ${rule}`,
    `  ${found}`,
    `  parameters ${textOf(scenario.parameters)}, seed ${scenario.seed}`,
    ...(first > 0 ? [`  (${first} rounds before these)`] : []),
    ...(rounds.length === 0 ? ["  right after the reset"] : rounds),
    ...(before === null ? [] : [`  before    ${textOf(before)}`]),
    ...(after === null ? [] : [`  after     ${textOf(after)}`]),
  ];
}
