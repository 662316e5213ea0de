// An epidemic (susceptible, infected, recovered) on three kinds of contact network, with a part of the people vaccinated: whether
// the network changes what vaccination does. A second's work that has in it what real studies have: a branch of the
// space, shares, a time that the horizon cuts off, and trials that fail.
import { defineExperiment, metric, replicate, space, sweep } from "labwright";
import { z } from "zod";
import { barabasiAlbert, erdosRenyi, largestPart, wattsStrogatz } from "./contact-network.ts";

export default defineExperiment({
  name: "epidemic",
  question: "Does the contact network change how vaccination protects?",
  description: "Susceptible, infected, recovered, in steps; the vaccinated neither fall ill nor pass it on.",
  parameters: space.cross(
    {
      beta: sweep([0.05, 0.1, 0.2]),
      vaccinated: sweep([0, 0.2, 0.4]),
      gamma: 0.15,
      people: 200,
      degree: 4,
      horizon: 90,
    },
    space.oneOf("network", {
      "erdos-renyi": {},
      "barabasi-albert": {},
      "watts-strogatz": { rewire: sweep([0.05, 0.5]) },
    }),
  ),
  replicates: replicate(30, { seed: 1927 }),
  metrics: {
    peak: metric.number({ unit: "share infected", range: [0, 1], direction: "minimize" }),
    outbreak: metric.boolean({ description: "more than a tenth of all people fell ill" }),
    duration: metric.integer({ unit: "steps", range: [0, Infinity] }),
  },
  primary: "peak",
  series: { course: z.object({ step: z.int(), infected: z.number() }) },
  trial({ parameters, random, record, censored }) {
    const { people, degree, beta, gamma, horizon } = parameters;
    const chance = random.stream("network");
    const network =
      parameters.network === "watts-strogatz"
        ? wattsStrogatz(people, degree, parameters.rewire, chance)
        : parameters.network === "barabasi-albert"
          ? barabasiAlbert(people, degree, chance)
          : erdosRenyi(people, degree, chance);
    const whole = largestPart(network) / people;
    if (whole < 0.96) throw new Error(`only ${Math.round(100 * whole)}% of the network hangs together`);

    const order = random.shuffle(network.map((_, person) => person));
    const isOpen = new Array<boolean>(people).fill(true);
    for (const person of order.slice(0, Math.round(parameters.vaccinated * people))) isOpen[person] = false;
    let infected = order.slice(-3);
    for (const person of infected) isOpen[person] = false;
    let ill = infected.length;
    let peak = infected.length;
    for (let step = 0; infected.length > 0; step += 1) {
      record("course", { step, infected: infected.length / people });
      if (step === horizon) return censored({ metric: "duration", bound: horizon });
      const fresh: number[] = [];
      for (const person of infected) {
        for (const other of network[person]!) {
          if (!isOpen[other] || !random.boolean(beta)) continue;
          isOpen[other] = false;
          fresh.push(other);
        }
      }
      infected = [...infected.filter(() => !random.boolean(gamma)), ...fresh];
      ill += fresh.length;
      peak = Math.max(peak, infected.length);
      if (infected.length === 0)
        return { peak: peak / people, outbreak: ill > people / 10, duration: step + 1 };
    }
    throw new Error("the epidemic ended without an end");
  },
  analyses: ({ compare, interaction, relation, equivalent, curve, expect }) => [
    interaction(["network", "vaccinated"]),
    compare("peak", { across: "network", baseline: "erdos-renyi" }),
    compare("outbreak", { across: "network", baseline: "erdos-renyi" }),
    compare("duration", { across: "network", baseline: "erdos-renyi", by: ["vaccinated"] }),
    equivalent("peak", { across: "vaccinated", baseline: 0.2, margin: 0.05, where: { beta: 0.05 } }),
    relation("peak", "beta"),
    curve("course", { x: "step", y: "infected", across: "network", where: { beta: 0.1, vaccinated: 0 } }),
    expect("peak").toBeBelow(0.6),
    expect("peak").toBeBelow(0.15, { where: { vaccinated: 0.4 } }),
    expect("outbreak").toBeAbove(0.5, { where: { beta: 0.2, vaccinated: 0 } }),
  ],
});
