// The services that experiments ask: whether the environment gives address and key, whether somebody answers there, and whether the models that
// the design names exist. Nothing is asked of a model, so nothing is paid.
import { z } from "zod";
import { nearestOrAll } from "../diagnostic/nearest.ts";
import type { AskedPort } from "../run/payment.ts";
import { headersOf } from "../services/http-service.ts";
import { type Checked, failed, ok, warning } from "./check.ts";
import { checkOrchestrator } from "./orchestrator.ts";

const waitMs = 5000;
const listShape = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Ports on one endpoint with one key are looked at together. */
export async function checkPorts(asked: readonly AskedPort[]): Promise<readonly Checked[]> {
  const groups = new Map<string, AskedPort[]>();
  const orchestrated = asked.filter(({ port }) => port.service === "grpc");
  for (const each of asked) {
    if (each.port.service === "grpc") continue;
    const { service, settings } = each.port;
    const key = JSON.stringify([
      service,
      each.endpoint ?? `${each.experiment}/${each.name}`,
      settings.keyFrom ?? "",
    ]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const checks = [...groups.values()].map(checkGroup);
  return (await Promise.all([...checks, ...orchestrated.map(checkOrchestrator)])).flat();
}

async function checkGroup(group: readonly AskedPort[]): Promise<readonly Checked[]> {
  const [{ endpoint, port }] = group as readonly [AskedPort, ...AskedPort[]]; // A group is made with its first member.
  const name = group.map(({ experiment, name: own }) => `${experiment}/${own}`).join(", ");
  const { keyFrom, endpoint: declared } = port.settings;
  if (endpoint === null || !URL.canParse(endpoint)) {
    const variable = typeof declared === "string" ? null : declared.env;
    const remedy =
      variable === null
        ? "Write a whole address, such as https://api.openai.com/v1."
        : `Set ${variable} in the environment or in .env.`;
    return [failed(`${name}: address`, endpoint ?? "none", remedy)];
  }
  const checks: Checked[] = [];
  const key = keyFrom === undefined ? null : (process.env[keyFrom] ?? "");
  if (key === "")
    return [failed(`${name}: key`, `${keyFrom} is not set`, `Set ${keyFrom} in the environment or in .env.`)];
  if (key !== null) checks.push(ok(`${name}: key`, `${keyFrom} is set`));
  const models = [...new Set(group.flatMap((each) => each.port.models ?? []))];
  checks.push(...(await checkEndpoint({ name, endpoint, group, key, models })));
  const unpriced = [...new Set(group.flatMap((each) => each.unpriced))];
  if (unpriced.length > 0)
    checks.push(
      warning(
        `${name}: prices`,
        `no price is known of ${unpriced.join(", ")}`,
        "Add them to prices.json, or give the port a price: else no cost can be told.",
      ),
    );
  return checks;
}

async function checkEndpoint(of: {
  readonly name: string;
  readonly endpoint: string;
  readonly group: readonly AskedPort[];
  readonly key: string | null;
  readonly models: readonly string[];
}): Promise<readonly Checked[]> {
  const { name, endpoint, group, key, models } = of;
  const { service, settings } = group[0]!.port;
  const isChat = service === "chat";
  let own: Readonly<Record<string, string>>;
  try {
    own = headersOf(settings);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [failed(`${name}: headers`, words, "Set it in the environment or in .env.")];
  }
  const headers = { ...keyHeaders(key, settings.format), ...own };
  const at = isChat ? `${endpoint.replace(/\/+$/, "")}/models` : endpoint;
  let status: number;
  let body = "";
  try {
    const signal = AbortSignal.timeout(waitMs);
    const answer = await fetch(at, { method: isChat ? "GET" : "HEAD", headers, signal });
    status = answer.status;
    body = await answer.text();
  } catch (error) {
    return [
      failed(
        `${name}: endpoint`,
        `${endpoint} does not answer: ${causeOf(error)}`,
        "Start the service, or correct the address.",
      ),
    ];
  }
  if (status === 401 || status === 403)
    return [
      failed(
        `${name}: key`,
        `${endpoint} refuses it (${status})`,
        `Correct ${settings.keyFrom ?? "the key: give the port a keyFrom"}.`,
      ),
    ];
  const reached = ok(`${name}: endpoint`, `${endpoint} answers`);
  if (!isChat) return [reached];
  const listed = status === 200 ? idsIn(body) : null;
  if (listed === null)
    return [reached, ok(`${name}: models`, "the service has no list of them, so they are not looked up")];
  const missing = models.filter((model) => !listed.includes(model));
  if (missing.length === 0)
    return [reached, ok(`${name}: models`, models.length === 0 ? "named by the trials" : models.join(", "))];
  return [
    reached,
    failed(
      `${name}: models`,
      `${endpoint} has no ${missing.join(", ")}`,
      nearestOrAll(missing[0]!, listed.slice(0, 20), "model") ?? "Correct the name.",
    ),
  ];
}

function keyHeaders(key: string | null, format: string | undefined): Readonly<Record<string, string>> {
  if (key === null) return {};
  return format === "anthropic"
    ? { "x-api-key": key, "anthropic-version": "2023-06-01" }
    : { authorization: `Bearer ${key}` };
}

function idsIn(body: string): readonly string[] | null {
  try {
    const read = listShape.safeParse(JSON.parse(body));
    return read.success ? read.data.data.map(({ id }) => id) : null;
  } catch {
    return null;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `nothing came in ${waitMs / 1000} s`;
  const { cause } = error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  return typeof code === "string" ? code : error.message;
}
