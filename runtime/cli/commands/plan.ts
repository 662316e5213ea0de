// `lab plan`: what a run would do and why; with --graph, the jobs and what each draws on.
import { askedPorts } from "../../run/payment.ts";
import { freshCount } from "../../run/perform.ts";
import { prepare } from "../../run/prepare.ts";
import { readPrices } from "../../services/prices.ts";
import { askedFor } from "../asked.ts";
import { askedEngine } from "../asked-engine.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot } from "../options.ts";
import { showDiagnostics } from "../terminal/show-diagnostics.ts";
import { showGraph, showPlan } from "../terminal/show-plan.ts";

export const handle: CommandHandler = async (experiments, options) => {
  const root = projectRoot(options);
  const { performers, engine: configured } = await loadedConfig(root);
  const engine = askedEngine(options, configured);
  const effectKinds = Object.keys(performers);
  const prepared = await prepare(await askedFor(root, { experiments, options, effectKinds }));
  const json = flag(options, "json");
  if (prepared.warnings.length > 0 && !json) showDiagnostics(root, prepared.warnings);
  if (flag(options, "graph")) showGraph(prepared, { json });
  else
    await showPlan(prepared, {
      json,
      asked: askedPorts(prepared, { declared: performers, prices: readPrices(root) }),
      workers: await engine.threads(freshCount(prepared.surveys)),
    });
  return exitCode.done;
};
