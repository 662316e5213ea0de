// How far one coordinator goes: a farm of a thousand threads, simulated from service times that were measured with `npm run bench engines`, under
// other lease sizes, several ledgers, and records that go into an object storage.
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { runFarm } from "./farm-model.ts";
import measured from "./measured.json" with { type: "json" };

export default defineExperiment({
  name: "scale",
  question: "Where does one coordinator saturate, and what moves that?",
  description: "A closed network of queues: coordinator, Redis, network, threads with two leases each.",
  parameters: {
    threads: sweep([10, 100, 1000]),
    trialMs: sweep([0.01, 1, 100, 10_000]),
    leaseMs: sweep([10, 2000]),
    design: sweep(["one ledger", "four ledgers", "object storage"]),
    spread: 0.5,
    networkMs: 0.25,
  },
  replicates: replicate(3, { seed: 2026, pairing: "common-random-numbers" }),
  metrics: {
    perSecond: metric.number({ unit: "trials/s", range: [0, Infinity], direction: "maximize" }),
    threadsBusy: metric.number({ range: [0, 1], direction: "maximize", description: "share of their time" }),
    coordinatorBusy: metric.number({ range: [0, 1], description: "share of its time; 1 is saturated" }),
    redisBusy: metric.number({ range: [0, 1] }),
    perDay: metric.number({ unit: "trials", range: [0, Infinity], description: "at this rate" }),
  },
  primary: "threadsBusy",
  trial({ parameters, random }) {
    const { design, ...farm } = parameters;
    const outcome = runFarm(
      {
        ...farm,
        ...measured.service,
        ledgers: design === "four ledgers" ? 4 : 1,
        records: design === "object storage" ? "object-storage" : "ledger",
      },
      random,
      40,
    );
    return { ...outcome, perDay: 86_400 * outcome.perSecond };
  },
  analyses: ({ compare }) => [
    compare("threadsBusy", { across: "design", baseline: "one ledger", where: { threads: 1000 } }),
    compare("threadsBusy", { across: "leaseMs", baseline: 10, where: { threads: 1000 } }),
  ],
});
