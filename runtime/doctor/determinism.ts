// Whether an orchestrator computes the same for the same configuration: one condition of the design is simulated twice with one seed.
import { randomUUID } from "node:crypto";
import { settingsOf } from "../../lib/experiment/grpc.ts";
import type { Condition } from "../../lib/experiment/space/space.ts";
import { Orchestrator } from "../orchestrator/orchestrator.ts";
import type { SimulationEnd } from "../orchestrator/simulation-state.ts";
import type { RowsBySeries } from "../orchestrator/watched-rows.ts";
import type { AskedPort } from "../run/payment.ts";
import { type Checked, failed, ok, warning } from "./check.ts";

/** The longest that the two simulations may take together, in ms. */
const probeMs = 60_000;
const probeSeed = 1;

/** Nothing for a port that is no orchestrator, or whose address is not known. */
export async function probeDeterminism(
  { experiment, name, port, endpoint }: AskedPort,
  parameters: Condition,
): Promise<readonly Checked[]> {
  const { simulation, settings } = port;
  if (simulation === undefined || endpoint === null) return [];
  const check = `${experiment}/${name}: determinism`;
  const orchestrator = new Orchestrator(simulation, {
    address: endpoint,
    settings: { ...settings, awayMs: 0 },
    project: null,
  });
  const signal = AbortSignal.timeout(probeMs);
  const set = settingsOf(simulation.set, { parameters, replicate: { index: 0, seed: probeSeed } });
  const probe = `probe-${randomUUID()}`;
  const asked = {
    signal,
    isResent: false,
    queued: <T>(turn: PromiseLike<T>): Promise<T> => Promise.resolve(turn),
    rowsSoFar: () => undefined,
  };
  try {
    // One after the other: a single free worker is enough, and two that share what they should not are seen less.
    const first = await orchestrator.simulate(`${probe}-a`, set, asked);
    const second = await orchestrator.simulate(`${probe}-b`, set, asked);
    return [findingOf(check, first.end, second.end)];
  } catch (error) {
    if (signal.aborted)
      return [
        warning(
          check,
          `not known: two simulations took longer than ${probeMs / 1000} s`,
          "Look at a smaller condition.",
        ),
      ];
    const words = error instanceof Error ? error.message : String(error);
    return [
      failed(
        check,
        `a simulation of the first condition cannot be run: ${words}`,
        "Correct the orchestrator or the design.",
      ),
    ];
  } finally {
    orchestrator.close();
  }
}

function findingOf(check: string, first: SimulationEnd, second: SimulationEnd): Checked {
  const wrong = [first, second].find((end) => end.kind === "failed" || end.kind === "cancelled");
  if (wrong !== undefined && wrong.kind !== "completed")
    return failed(
      check,
      `a simulation of the first condition ${wrong.kind}: ${wrong.words}`,
      "Correct the orchestrator or the design.",
    );
  if (first.kind !== "completed" || second.kind !== "completed") {
    const isSame = first.kind === second.kind;
    return isSame
      ? ok(check, "the first condition is refused, twice the same")
      : failed(check, `the same seed was once ${first.kind} and once ${second.kind}`, remedy);
  }
  const other = Object.keys(first.metrics).find((metric) => first.metrics[metric] !== second.metrics[metric]);
  const row = otherRow(first.series, second.series);
  if (other === undefined && row !== null)
    return failed(check, `the same seed twice gave the same metrics and other rows: ${row}`, remedy);
  const rows = Object.keys(first.series).length > 0 ? " and rows" : "";
  if (other === undefined) return ok(check, `the same seed twice gave the same metrics${rows}`);
  const values = `${JSON.stringify(first.metrics[other])} and ${JSON.stringify(second.metrics[other])}`;
  return failed(check, `the same seed twice gave ${values} as ${other}`, remedy);
}

/** Where the series part, in words; null where they are the same. */
function otherRow(first: RowsBySeries, second: RowsBySeries): string | null {
  for (const [series, rows] of Object.entries(first)) {
    const others = second[series] ?? [];
    const at = rows.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(others[index]));
    if (at >= 0) return `${series}, row ${at + 1}`;
    if (others.length > rows.length) return `${series}, row ${rows.length + 1}`;
  }
  return null;
}

const remedy =
  "Let all chance of a simulation come from its seed: no clock, no order of threads, nothing left by another simulation.";
