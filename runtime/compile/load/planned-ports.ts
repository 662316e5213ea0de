// Ports as the plan keeps them, and a look at what they give of requests: functions of the parameters are called for conditions of the
// design, so that a misspelt parameter is a mistake of the build and not of the first trial that asks.
import type { Given, Port } from "../../../lib/experiment/effects/port.ts";
import { findNonJson } from "../../../lib/experiment/json.ts";
import { type DefinitionProblem, problemOf } from "../../../lib/experiment/problem.ts";
import type { Condition, IndexedSpace } from "../../../lib/experiment/space/space.ts";
import type { PlannedPort, PlannedPorts } from "../../plan/planned-port.ts";

/** Conditions that are looked at; a larger design is looked at in steps. */
const lookedAtMax = 5000;
const modelsMax = 50;

export interface ReadPorts {
  readonly effects: PlannedPorts;
  readonly problems: readonly DefinitionProblem[];
}

/** `space` null where the design has mistakes of its own. */
export function plannedPorts(ports: Readonly<Record<string, Port>>, space: IndexedSpace | null): ReadPorts {
  const problems: DefinitionProblem[] = [];
  const conditions = space === null ? [] : conditionsIn(space);
  const effects = Object.entries(ports).map(([name, port]): [string, PlannedPort] => {
    const models = new Set<string>();
    for (const [part, given] of Object.entries(port.gives)) {
      const problem = lookAt({ part, given, conditions, models });
      const { site } = port;
      if (problem !== null)
        problems.push(problemOf({ code: "bad-effect", subject: `effect "${name}"`, site, ...problem }));
    }
    const { service, settings } = port;
    const known = service === "chat" && "model" in port.gives;
    return [name, { service, settings, models: known ? [...models].slice(0, modelsMax) : null }];
  });
  return { effects: Object.fromEntries(effects), problems };
}

/** Conditions of a design, so many at most. */
export function conditionsIn(space: IndexedSpace): readonly Condition[] {
  const step = Math.max(1, Math.floor(space.size / lookedAtMax));
  const found: Condition[] = [];
  for (let index = 0; index < space.size; index += step) if (space.admits(index)) found.push(space.at(index));
  return found;
}

/** What is wrong with one part of the requests of a port; null for nothing. Models are gathered. */
function lookAt(of: {
  readonly part: string;
  readonly given: Given;
  readonly conditions: readonly Condition[];
  readonly models: Set<string>;
}): Pick<DefinitionProblem, "found" | "expected"> | null {
  const { part, given, conditions, models } = of;
  if (typeof given !== "function") {
    if (part === "model") models.add(String(given));
    return null;
  }
  for (const condition of conditions) {
    let value: unknown;
    try {
      // The author's function, typed for the conditions of his experiment.
      value = given(condition as never);
    } catch (thrown) {
      const words = thrown instanceof Error ? thrown.message : String(thrown);
      return { found: `${part} throws: ${words}`, expected: "a function of the parameters" };
    }
    const found = value === undefined ? "undefined" : findNonJson(value)?.found;
    const isWrong =
      part === "model" || part === "path" ? typeof value !== "string" || value === "" : found !== undefined;
    if (isWrong)
      return {
        found: `${part} is ${found ?? JSON.stringify(value)} under ${JSON.stringify(condition)}`.slice(
          0,
          200,
        ),
        expected: `${part} as ${part === "model" || part === "path" ? "text" : "JSON data"} in every condition`,
      };
    if (part === "model") models.add(String(value));
  }
  return null;
}
