// The orchestrators that experiments ask: whether the environment gives address, key and certificates, and whether one answers there that speaks
// the experiment's schema.
import { Orchestrator } from "../orchestrator/orchestrator.ts";
import type { AskedPort } from "../run/payment.ts";
import { type Checked, failed, ok, warning } from "./check.ts";

/** What was found of a port's orchestrator; one that is asked anyway by an experiment is not asked twice. */
export async function checkOrchestrator({
  experiment,
  name,
  port,
  endpoint,
}: AskedPort): Promise<readonly Checked[]> {
  const { settings, simulation } = port;
  const at = `${experiment}/${name}`;
  if (endpoint === null) {
    const variable = typeof settings.endpoint === "string" ? "the address" : settings.endpoint.env;
    return [failed(`${at}: address`, "none", `Set ${variable} in the environment or in .env.`)];
  }
  if (simulation === undefined) return [];
  // Once is enough to know whether it is there.
  const orchestrator = new Orchestrator(simulation, {
    address: endpoint,
    settings: { ...settings, awayMs: 0 },
    project: null,
  });
  try {
    const { version, schema, workers, free } = await orchestrator.describe();
    const found = `${endpoint} answers: version ${version || "unknown"}, ${free} of ${workers} workers free`;
    const answers = ok(`${at}: orchestrator`, found);
    if (schema !== "") return [answers, ok(`${at}: schema`, `the same, SHA-256 ${schema.slice(0, 12)}...`)];
    const remedy = "Let it answer with schema_sha256, so that a changed schema is noticed.";
    return [answers, warning(`${at}: schema`, "it does not say which it speaks", remedy)];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy = /schema/.test(words)
      ? "Give orchestrator and experiment the same .proto file."
      : /environment variable/.test(words)
        ? "Set it in the environment or in .env."
        : /PEM file/.test(words)
          ? "Correct the path that `tls` or the environment gives."
          : "Start the orchestrator, or correct the address.";
    return [failed(`${at}: orchestrator`, words, remedy)];
  } finally {
    orchestrator.close();
  }
}
