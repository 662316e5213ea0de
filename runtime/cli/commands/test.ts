// `lab test`: attacks the environments of the project; a broken rule is told as a story and ends with the code of a failed gate.
import { existsSync } from "node:fs";
import {
  type Attacked,
  attackProject,
  type ProjectAttack,
  type ProjectAttacked,
} from "../../attack/attack-project.ts";
import { newestCounterexample, readCounterexample } from "../../attack/attack-store.ts";
import type { CoverageCounts } from "../../attack/coverage.ts";
import { storyOf } from "../../attack/story.ts";
import { environmentFiles } from "../../compile/discover/discover.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import { prepare } from "../../run/prepare.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { flag, number, projectRoot, text, typedPath } from "../options.ts";
import { say } from "../terminal/say.ts";
import { countWords, plural } from "../terminal/words.ts";

const runsDefault = 1000;
const timeMsDefault = 60_000;
/** Conditions that are drawn from, at most; of more, as many evenly spaced ones. */
const conditionsMax = 10_000;

export const handle: CommandHandler = async (names, options) => {
  const root = projectRoot(options);
  const files = environmentFiles(root);
  if (files.length === 0) {
    throw new UserError("no environment was found in this project", {
      hint: "Environments are exported from files named *.environment.ts; `lab init --template environment` writes one.",
    });
  }
  const request = await requestOf(root, names, options);
  const result = await attackProject(request);
  if (!result.ok) throw new InvalidDesign(root, result.error);
  assertNames(request.names, result.value, text(options, "experiment"));
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(asJson(result.value), null, 2)}\n`);
  else tell(result.value, request);
  if (result.value.broken.length > 0) return exitCode.invalid;
  return result.value.attacked.some((each) => each.result.counterexample !== null)
    ? exitCode.gate
    : exitCode.done;
};

async function requestOf(
  root: string,
  names: readonly string[],
  options: OptionValues,
): Promise<ProjectAttack> {
  const replayed = options.replay === true ? newestOf(root) : text(options, "replay");
  const experiment = text(options, "experiment");
  const common = {
    root,
    runs: number(options, "runs") ?? runsDefault,
    timeMs: number(options, "time") ?? timeMsDefault,
    seed: number(options, "seed") ?? 0,
  };
  if (replayed === null) {
    return {
      ...common,
      names,
      conditions: experiment === null ? null : await conditionsOf(root, experiment),
    };
  }
  if (names.length > 0 || experiment !== null) {
    throw new UserError("--replay plays one file, which names its environment", {
      hint: "Leave out the names and --experiment.",
    });
  }
  const file = typedPath(root, replayed);
  if (!existsSync(file)) throw new UserError(`there is no file ${replayed}`);
  const kept = readCounterexample(file);
  if (kept === null) {
    throw new UserError(`${replayed} is no counterexample`, {
      hint: "`lab test` writes them to .lab/attacks/ when a rule is broken.",
    });
  }
  const { environment, scenario } = kept;
  return { ...common, names: [environment], conditions: null, replay: { environment, scenario } };
}

function newestOf(root: string): string {
  const newest = newestCounterexample(root);
  if (newest !== null) return newest;
  throw new UserError("no counterexample is kept", {
    hint: "`lab test` writes them to .lab/attacks/ when a rule is broken.",
  });
}

/** The conditions that `lab run` would run of an experiment. */
async function conditionsOf(root: string, experiment: string): Promise<ProjectAttack["conditions"]> {
  const selection = { experiments: [experiment], filter: {}, limit: null };
  const { opened } = await prepare({ root, selection, overrides: {} });
  const found = opened.experiments.find(({ planned }) => planned.name === experiment);
  if (found === undefined) return [];
  const { space } = found;
  const count = trialOf(found).job.conditions;
  const step = Math.max(1, space.size / Math.min(conditionsMax, Math.max(count, 1)) / 4);
  const conditions: Readonly<Record<string, unknown>>[] = [];
  for (let at = 0; at < space.size && conditions.length < conditionsMax; at += step) {
    const index = Math.floor(at);
    if (space.admits(index)) conditions.push(space.at(index));
  }
  return conditions;
}

function assertNames(
  names: readonly string[],
  { names: found, unfitting }: ProjectAttacked,
  experiment: string | null,
): void {
  const missing = names.find((name) => !found.includes(name));
  if (missing !== undefined) {
    const near = nearest(missing, found);
    throw new UserError(`there is no environment "${missing}"`, {
      hint: near === null ? `There are ${found.join(", ")}.` : `Did you mean ${near}?`,
    });
  }
  const [unfit] = names.length > 0 ? unfitting : unfitting.length === found.length ? unfitting : [];
  if (unfit !== undefined) {
    throw new UserError(`no condition of ${experiment} holds parameters that ${unfit} takes`, {
      hint: "Parameters of the environment are taken from parameters of the same name.",
    });
  }
}

function tell({ attacked, broken }: ProjectAttacked, request: ProjectAttack): void {
  for (const { result, kept } of attacked) {
    const { environment, runs, coverage, counterexample } = result;
    if (counterexample === null) {
      const how = request.replay === undefined ? `${plural(runs, "episode")}` : "played again";
      say(
        process.stdout,
        `${environment}: ${how}${coverage === null ? "" : coverageWords(coverage)}; every rule holds`,
      );
      if (coverage !== null) for (const line of untouchedWords(coverage)) say(process.stdout, `  ${line}`);
      continue;
    }
    for (const line of storyOf(environment, counterexample)) say(process.stdout, line);
    if (kept !== null) {
      const found = `found after ${plural(runs, "episode")}, made smaller ${plural(counterexample.shrinks, "time")}`;
      say(process.stdout, `  ${found}; play it again: lab test --replay ${kept}`);
    }
  }
  for (const { file, text: why } of broken) say(process.stderr, `error: ${file} cannot be loaded: ${why}`);
}

function coverageWords({ rounds, states, endings }: CoverageCounts): string {
  const ended = endings.terminated + endings.truncated;
  return `, ${plural(rounds, "round")}, ${plural(states, "state")}, ${countWords(ended)} played to the end`;
}

function untouchedWords({ actions }: CoverageCounts): readonly string[] {
  return Object.entries(actions).flatMap(([agent, counts]) => {
    const never = Object.entries(counts).flatMap(([action, count]) => (count === 0 ? [action] : []));
    return never.length === 0 ? [] : [`never taken by ${agent}: ${never.slice(0, 10).join(", ")}`];
  });
}

function asJson({ attacked, broken }: ProjectAttacked) {
  return {
    environments: attacked.map(({ file, result, kept }: Attacked) => ({ file, kept, ...result })),
    broken,
  };
}
