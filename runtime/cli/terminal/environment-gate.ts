// Before a run: environments whose present code has never passed are attacked for some seconds. A run over a broken world costs more.
import { attackProject } from "../../attack/attack-project.ts";
import { hasPassed } from "../../attack/attack-store.ts";
import { storyOf } from "../../attack/story.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Prepared } from "../../run/prepare.ts";
import { say } from "./say.ts";
import { plural } from "./words.ts";

/** All environments together. */
const timeMs = 10_000;
const runs = 300;

/** Whether every environment that has something to run holds; a story is told of one that does not. */
export async function passesGate(
  { build, store, opened, surveys }: Pick<Prepared, "build" | "store" | "opened" | "surveys">,
  { quiet }: { readonly quiet: boolean },
): Promise<boolean> {
  const running = new Set(surveys.filter(({ fresh }) => fresh > 0).map(({ job }) => job.experiment));
  const files = new Set(
    opened.experiments.filter(({ planned }) => running.has(planned.name)).map(({ planned }) => planned.file),
  );
  const { root } = store;
  const unproven = build.environments.filter((use) => files.has(use.file) && !hasPassed(root, use.code));
  const environments = [...new Set(unproven.map(({ environment }) => environment))];
  if (environments.length === 0) return true;
  if (!quiet) {
    say(
      process.stderr,
      `attacking ${plural(environments.length, "environment file")} first, at most ${timeMs / 1000} s: ${environments.join(", ")}`,
    );
  }
  const result = await attackProject({
    root,
    files: environments,
    names: [],
    runs,
    timeMs: timeMs / environments.length,
    seed: 0,
    conditions: null,
  });
  if (!result.ok) throw new InvalidDesign(root, result.error);
  const [broken] = result.value.broken;
  if (broken !== undefined) throw new UserError(`${broken.file} cannot be loaded: ${broken.text}`);
  const failed = result.value.attacked.filter((each) => each.result.counterexample !== null);
  for (const { result: found, kept } of failed) {
    if (found.counterexample === null) continue;
    for (const line of storyOf(found.environment, found.counterexample)) say(process.stderr, line);
    say(
      process.stderr,
      `  nothing was run; play it again: lab test --replay ${kept}; --no-gate runs all the same`,
    );
  }
  return failed.length === 0;
}
