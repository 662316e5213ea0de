// The program of the attacking process: imports bundles of environment files, where the author's code runs, attacks what they export and
// sends what was found. It is bundled with them.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Environment, isEnvironment } from "../../lib/environments/environment/environment.ts";
import { endWithParent } from "../execute/host/end-with-parent.ts";
import { type AttackResult, attack } from "./attack.ts";
import { examine } from "./examine.ts";
import type { AttackMessage, AttackRequest } from "./messages.ts";
import type { Scenario } from "./scenario.ts";

endWithParent();

function send(message: AttackMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error("the attacking process has no channel to its parent");
    process.send(message, undefined, undefined, () => resolve());
  });
}

async function attackFile(
  request: AttackRequest,
  item: { readonly file: string; readonly bundle: string },
): Promise<void> {
  const { file } = item;
  const module: Readonly<Record<string, unknown>> = await import(
    pathToFileURL(path.join(request.folder, item.bundle)).href
  );
  const found = [...new Set(Object.values(module).filter(isEnvironment))];
  await send({ type: "found", file, names: found.map(({ name }) => name) });
  for (const environment of found) {
    if (request.names.length > 0 && !request.names.includes(environment.name)) continue;
    const known = request.known[environment.name] ?? [];
    if (request.isReplay && known.length === 0) continue;
    await send({ type: "attacking", file, name: environment.name });
    const conditions = request.conditions === null ? null : fittingOf(environment, request.conditions);
    const result = request.isReplay
      ? replayed(environment, known)
      : attack(environment, {
          runs: request.runs,
          timeMs: request.timeMs,
          seed: request.seed,
          known,
          onScenario: (scenario) => writeFileSync(request.current, JSON.stringify(scenario)),
          ...(conditions === null ? {} : { conditions }),
        });
    await send({ type: "attacked", file, result, fits: conditions === null || conditions.length > 0 });
  }
}

/** Known scenarios alone, as they are. */
function replayed(environment: Environment, known: readonly Scenario[]): AttackResult {
  const broken = known.flatMap((scenario) => {
    const violation = examine(environment, scenario);
    return violation === null ? [] : [{ scenario, violation, shrinks: 0 }];
  });
  return {
    environment: environment.name,
    runs: known.length,
    coverage: null,
    counterexample: broken[0] ?? null,
  };
}

/** The parts of conditions that are parameters of the environment, where its schema takes them. */
function fittingOf(
  environment: Environment,
  conditions: readonly Readonly<Record<string, unknown>>[],
): readonly Readonly<Record<string, unknown>>[] {
  const names = new Set(Object.keys(environment.parameters.shape));
  const parts = conditions.map((condition) =>
    Object.fromEntries(Object.entries(condition).filter(([name]) => names.has(name))),
  );
  const different = new Map(parts.map((part) => [JSON.stringify(part), part]));
  return [...different.values()].filter((part) => environment.parameters.safeParse(part).success);
}

process.once("message", async (request: AttackRequest) => {
  for (const item of request.bundles) {
    try {
      await attackFile(request, item);
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
      await send({ type: "failed", file: item.file, text });
    }
  }
  await send({ type: "done" });
  process.exit(0);
});
