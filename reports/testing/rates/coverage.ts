// `npm run coverage`: simulates all rates in several processes, prints them and writes docs/coverage.md; exits with 1 when one breaks its
// promise. `npm run coverage -- PART...` runs only those whose "topic: name" holds one of the parts, and writes nothing, unless every part is the
// name of a topic: then their sections are written anew.
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { cellsOf, coverageDocumentOf } from "./coverage-document.ts";
import type { CountedPart, Part } from "./coverage-worker.ts";
import { problemOf, type Tally } from "./rate.ts";
import { readTopics } from "./topics.ts";

const experiments = 4000;
const seedsAPart = 500;
const document = fileURLToPath(new URL("../../../docs/coverage.md", import.meta.url));

const wanted = process.argv.slice(2);
const all = await readTopics();
const isOfTopics = wanted.every((part) => all.some(({ name }) => name === part));
const isWanted = (topic: string, rate: string) =>
  wanted.length === 0 ||
  wanted.some((part) => (isOfTopics ? topic === part : `${topic}: ${rate}`.includes(part)));
const topics = all.map(({ name, about, rates }) => ({
  name,
  about,
  counted: rates
    .map((rate, place) => ({ rate, place, tally: { experiments: 0, erred: 0, refused: 0 } as Tally }))
    .filter(({ rate }) => isWanted(name, rate.name)),
}));
const entries = new Map(
  topics.flatMap(({ name, counted }) =>
    counted.map((entry) => [keyOf({ topic: name, rate: entry.place }), { topic: name, ...entry }]),
  ),
);
if (entries.size === 0) {
  process.stderr.write(`no rate matches ${wanted.join(" ")}\n`);
  process.exit(2);
}

const parts: Part[] = [...entries.values()].flatMap(({ topic, place }) =>
  Array.from({ length: experiments / seedsAPart }, (_, i) => ({
    topic,
    rate: place,
    first: i * seedsAPart + 1,
    last: (i + 1) * seedsAPart,
  })),
);
const problems: string[] = [];
const processes = Math.min(availableParallelism(), parts.length);
await Promise.all(Array.from({ length: processes }, () => drain(parts)));

if (isOfTopics) {
  const counted = topics.map((topic) => ({
    ...topic,
    counted: topic.counted.map((entry) => entries.get(keyOf({ topic: topic.name, rate: entry.place }))!),
  }));
  writeFileSync(
    document,
    coverageDocumentOf(counted, { experiments, before: readFileSync(document, "utf8") }),
  );
  console.log(`written to ${document}`);
}
for (const problem of problems) process.stderr.write(`out of bounds: ${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function keyOf({ topic, rate }: Pick<Part, "topic" | "rate">): string {
  return `${topic}/${rate}`;
}

/** Has one process count parts until none is left. */
function drain(queue: Part[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = fork(fileURLToPath(new URL("coverage-worker.ts", import.meta.url)));
    const next = () => {
      const part = queue.shift();
      if (part === undefined) child.disconnect();
      else child.send(part);
    };
    child.on("message", (counted: CountedPart) => {
      add(counted);
      next();
    });
    child.on("exit", (code) => (code === 0 ? done() : failed(new Error(`a process ended with ${code}`))));
    next();
  });
}

function add({ part, tally }: CountedPart): void {
  const key = keyOf(part);
  const entry = entries.get(key)!;
  const sum: Tally = {
    experiments: entry.tally.experiments + tally.experiments,
    erred: entry.tally.erred + tally.erred,
    refused: entry.tally.refused + tally.refused,
  };
  entries.set(key, { ...entry, tally: sum });
  if (sum.experiments < experiments) return;
  const [name, errs, nominal, limit, refused] = cellsOf(entry.rate, sum);
  console.log(
    `${part.topic}: ${name}: ${errs}% (nominal ${nominal}, at most ${limit})${refused === "" ? "" : `, no answer ${refused}%`}`,
  );
  const problem = problemOf(entry.rate, sum);
  if (problem !== null) problems.push(`${part.topic}: ${problem}`);
}
