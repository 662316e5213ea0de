// The configuration of one simulation: the base with what a trial sets in it, as the data of a message or as the text of a file.
import type { Json } from "../../lib/experiment/json.ts";
import { configTextOf, dataWith } from "../command/config-text.ts";
import type { PlannedSimulation } from "../plan/planned-port.ts";

/** As data. Throws, in words, where the base is none. */
export function configurationData(
  { base }: Pick<PlannedSimulation, "base">,
  settings: Readonly<Record<string, Json>>,
): Promise<unknown> {
  return dataWith({ base, settings });
}

/** As text: YAML where the base is, else JSON. */
export function configurationText(
  { base }: Pick<PlannedSimulation, "base">,
  settings: Readonly<Record<string, Json>>,
): Promise<string> {
  return configTextOf(base?.name ?? "configuration.json", { base, settings });
}
