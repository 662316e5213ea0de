// A round robin of fifteen strategies, 200 turns a match, none kept from before: turns a second against Axelrod-Python, where python3 has it.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { randomFrom } from "../../random/random.ts";
import { playMatch } from "./match.ts";
import { deterministicStrategies } from "./strategies.ts";

const turns = 200;
const players = deterministicStrategies;

function tournament(seed: number): number {
  let total = 0;
  for (const row of players) {
    for (const column of players)
      total += playMatch(row, column, { turns, random: randomFrom(seed) }).rowScore;
  }
  return total;
}

const total = tournament(0);
const times = Array.from({ length: 60 }, (_, seed) => {
  const started = process.cpuUsage();
  tournament(seed);
  const { user, system } = process.cpuUsage(started);
  return user + system;
}).sort((a, b) => a - b);
const turnsPerSecond = (turns * players.length ** 2 * 1e6) / times[Math.floor(times.length / 4)]!;
console.log(`labwright          ${(turnsPerSecond / 1e6).toFixed(1)} M turns/s`);

const peer = spawnSync("python3", [fileURLToPath(new URL("tournament-bench.py", import.meta.url))], {
  encoding: "utf8",
});
const [, version = "", speed = "", score = ""] = /^(\S+) (\d+) (\d+)$/m.exec(peer.stdout ?? "") ?? [];
if (version === "") console.log("Axelrod-Python     skipped: needs axelrod");
else {
  if (Number(score) !== total) throw new Error(`Axelrod-Python scores ${score}, we ${total}`);
  console.log(
    `Axelrod-Python     ${(Number(speed) / 1e6).toFixed(3)} M turns/s (${version}), ratio ${(turnsPerSecond / Number(speed)).toFixed(0)}; the same scores`,
  );
}
if (process.env.BENCH_OUT !== undefined)
  writeFileSync(
    process.env.BENCH_OUT,
    JSON.stringify(
      { turnsPerSecond, peer: version === "" ? null : { version, turnsPerSecond: Number(speed) } },
      null,
      2,
    ),
  );
