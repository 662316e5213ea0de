// `lab doctor`: looks at everything that a run needs, and says the remedy for what is wrong.
import { type FilledConfig, noConfig } from "../../config/lab-config.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { type Checked, failed, ok, warning } from "../../doctor/check.ts";
import { probeDeterminism } from "../../doctor/determinism.ts";
import { checkMachine } from "../../doctor/machine.ts";
import { checkPorts } from "../../doctor/ports.ts";
import { checkPrograms } from "../../doctor/programs.ts";
import type { LabelNeed } from "../../execute/engine/engine.ts";
import { type AskedPort, askedPorts } from "../../run/payment.ts";
import { type Prepared, prepare } from "../../run/prepare.ts";
import { readPrices } from "../../services/prices.ts";
import { askedFor } from "../asked.ts";
import { type AskedEngine, askedEngine } from "../asked-engine.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot } from "../options.ts";
import { engineChecks, labelNeedsOf } from "../terminal/preflight.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

const marks = { ok: "ok     ", warning: "warning", failed: "failed " } as const;

export const handle: CommandHandler = async (experiments, options) => {
  const root = projectRoot(options);
  const checks: Checked[] = [...checkMachine(root)];
  const config = await checkedConfig(root, checks);
  // Without the configuration nobody knows which effects are performed.
  if (config !== null) {
    const engine = engineOf(options, config);
    const isHere = "engine" in engine && engine.engine.isHere === true;
    const { found, needs } = await checkExperiments(root, { experiments, options, config, isHere });
    checks.push(...("engine" in engine ? await checkEngine(root, engine, needs) : [engine]), ...found);
  }
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
  else
    for (const { check, status, found, remedy } of checks)
      say(
        process.stdout,
        `${marks[status]} ${check}: ${found}${remedy === null ? "" : `\n        ${remedy}`}`,
      );
  return checks.some(({ status }) => status === "failed") ? exitCode.invalid : exitCode.done;
};

async function checkedConfig(root: string, checks: Checked[]): Promise<FilledConfig | null> {
  try {
    const config = await loadedConfig(root);
    checks.push(ok("lab.config.ts", config === noConfig ? "none" : "loads"));
    return config;
  } catch (error) {
    if (error instanceof InvalidDesign) {
      checks.push(
        failed("lab.config.ts", plural(error.diagnostics.length, "mistake"), "lab build says which."),
      );
      return null;
    }
    if (!(error instanceof UserError)) throw error;
    checks.push(failed("lab.config.ts", error.message, error.hint ?? "Correct the file."));
    return null;
  }
}

/** The engine that the command line or the file names, or what is wrong with that. */
function engineOf(options: OptionValues, { engine }: FilledConfig): AskedEngine | Checked {
  try {
    return askedEngine(options, engine);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return failed("engine", error.message, error.hint ?? "Correct lab.config.ts.");
  }
}

async function checkEngine(
  root: string,
  asked: AskedEngine,
  needs: readonly LabelNeed[],
): Promise<readonly Checked[]> {
  const checks = await engineChecks(asked, needs);
  const { engine, setting } = asked;
  if (engine.probe === undefined || checks.some(({ status }) => status === "failed")) return checks;
  return [...checks, ...(await engine.probe(setting, root))];
}

async function checkExperiments(
  root: string,
  of: {
    readonly experiments: readonly string[];
    readonly options: OptionValues;
    readonly config: FilledConfig;
    /** Whether trials run on this machine, so that their programs must be on it. */
    readonly isHere: boolean;
  },
): Promise<{ readonly found: readonly Checked[]; readonly needs: readonly LabelNeed[] }> {
  const { experiments, options } = of;
  const { performers } = of.config;
  try {
    const asked = await askedFor(root, { experiments, options, effectKinds: Object.keys(performers) });
    const prepared = await prepare(asked);
    const names = prepared.opened.plan.experiments
      .map(({ name }) => name)
      .filter(
        (name) => asked.selection.experiments.length === 0 || asked.selection.experiments.includes(name),
      );
    const sound = ok("experiments", `${names.length === 1 ? names[0] : names.length} sound`);
    const jobs = prepared.opened.plan.jobs.filter(({ experiment }) => names.includes(experiment));
    const programs = of.isHere ? checkPrograms(jobs) : [];
    const services = askedPorts(prepared, { declared: performers, prices: readPrices(root), isAll: true });
    const ports = await askedServices(prepared, {
      asked: services.filter(({ experiment }) => names.includes(experiment)),
      // Only for an experiment that is named: simulations may be long.
      isProbed: experiments.length > 0,
    });
    const warnings = prepared.warnings.map(({ message, hint }) =>
      warning("experiments", message, hint ?? ""),
    );
    return { found: [sound, ...warnings, ...programs, ...ports], needs: labelNeedsOf(prepared) };
  } catch (error) {
    const wrong = (found: string, remedy: string) => ({
      found: [failed("experiments", found, remedy)],
      needs: [],
    });
    if (error instanceof InvalidDesign)
      return wrong(plural(error.diagnostics.length, "mistake"), "lab build says which.");
    if (error instanceof UserError)
      return wrong(error.message, error.hint ?? "lab list says which there are.");
    throw error;
  }
}

/** Services that are asked, and where they are there, what orchestrators compute. */
async function askedServices(
  prepared: Pick<Prepared, "opened">,
  of: { readonly asked: readonly AskedPort[]; readonly isProbed: boolean },
): Promise<readonly Checked[]> {
  const ports = await checkPorts(of.asked);
  const isReady = ports.every(({ status }) => status !== "failed");
  return isReady && of.isProbed ? [...ports, ...(await probed(prepared, of.asked))] : ports;
}

/** Orchestrators are asked for the first condition of each experiment twice. */
async function probed(
  { opened }: Pick<Prepared, "opened">,
  asked: readonly AskedPort[],
): Promise<readonly Checked[]> {
  const probes = asked.map((port) => {
    const space = opened.experiments.find(({ planned }) => planned.name === port.experiment)?.space;
    if (space === undefined) return [];
    for (let index = 0; index < space.size; index += 1)
      if (space.admits(index)) return probeDeterminism(port, space.at(index));
    return [];
  });
  return (await Promise.all(probes)).flat();
}
