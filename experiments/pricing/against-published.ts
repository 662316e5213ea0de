// `npx tsx experiments/pricing/against-published.ts`: the latest run of calvano-baseline beside the authors' own result
// files, session by session. Ends with code 1 when a session that they published differs in anything.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));

const trials = z.array(
  z.object({
    session: z.number(),
    outcome: z.string(),
    profitGain: z.number().nullable(),
    episodes: z.number().nullable(),
    cycleLength: z.number().nullable(),
  }),
);
const cycleRows = z.array(
  z.object({
    session: z.number(),
    firm: z.number(),
    // The export's own `position` numbers all rows of a trial.
    series_position: z.number(),
    priceIndex: z.number(),
    profit: z.number(),
  }),
);
const referenceFile = z.object({
  sessions: z.array(
    z.object({
      session: z.number(),
      episodesToConvergence: z.number(),
      cycleLength: z.number(),
      priceIndex: z.array(z.array(z.number())),
      profit: z.array(z.array(z.number())),
    }),
  ),
});

function exported(...options: readonly string[]): unknown {
  const command = ["dist/runtime/cli/lab.js", "export", "json", "calvano-baseline", ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    process.stderr.write(stderr);
    process.exit(status ?? 1);
  }
  return JSON.parse(stdout);
}

const measured = trials.parse(exported()).filter(({ outcome }) => outcome === "measured");
const cycles = cycleRows.parse(exported("--series", "cycle"));
const file = new URL("reference/calvano-baseline-sessions.json", import.meta.url);
const reference = referenceFile.parse(JSON.parse(readFileSync(file, "utf8"))).sessions;

/** Price indices or profits of one firm along the cycle of a session. */
function alongCycle(session: number, firm: number, column: "priceIndex" | "profit"): number[] {
  return cycles
    .filter((row) => row.session === session && row.firm === firm)
    .sort((a, b) => a.series_position - b.series_position)
    .map((row) => row[column]);
}

const lines: string[] = [];
let equal = 0;
let compared = 0;
for (const { session, episodes, cycleLength } of measured) {
  const theirs = reference.find((one) => one.session === session);
  if (theirs === undefined) continue;
  compared += 1;
  const prices = [1, 2].map((firm) => alongCycle(session, firm, "priceIndex").join(" "));
  const profits = [1, 2].map((firm) => alongCycle(session, firm, "profit").map((one) => one.toFixed(5)));
  const isEqual =
    episodes?.toFixed(2) === theirs.episodesToConvergence.toFixed(2) &&
    cycleLength === theirs.cycleLength &&
    prices.every((text, firm) => text === theirs.priceIndex[firm]?.join(" ")) &&
    profits.every((list, firm) => list.join() === theirs.profit[firm]?.map((one) => one.toFixed(5)).join());
  if (isEqual) equal += 1;
  if (compared <= 10 || !isEqual) {
    const published = theirs.priceIndex.map((indices) => indices.join(" ")).join(" | ");
    const cells = [String(session), episodes?.toFixed(2), theirs.episodesToConvergence.toFixed(2)];
    const padded = cells.map((cell) => (cell ?? "none").padStart(9)).join("");
    lines.push(
      `${padded}   ${prices.join(" | ").padEnd(24)} ${published.padEnd(24)} ${isEqual ? "equal" : "DIFFERS"}`,
    );
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const gains = measured.flatMap(({ profitGain }) => profitGain ?? []);
const times = measured.flatMap(({ episodes }) => episodes ?? []);
console.log("\n          episodes to converge   price indices on the limit cycle (firm 1 | firm 2)");
console.log(`  session     ours published   ${"ours".padEnd(24)} published`);
for (const line of lines) console.log(line);
if (compared > 10) console.log(`  ... and ${compared - 10} more sessions`);
console.log(
  `\n${equal} of ${compared} published sessions equal in convergence time, cycle, prices and profits.`,
);
console.log(`                              ours (${gains.length} sessions)   published (1,000 sessions)`);
console.log(`profit gain, mean             ${mean(gains).toFixed(3).padStart(8)}           0.849`);
console.log(`episodes to converge, mean    ${mean(times).toFixed(2).padStart(8)}           70.05`);
process.exit(equal === compared ? 0 : 1);
