// The files that `lab init` writes: one experiment that type-checks and runs, and the settings that an editor needs.

/** The first experiment; the README shows the same text, and a test holds them equal. */
export const firstExperiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "bandit",
  question: "How much exploration earns the most on a ten-armed bandit?",
  parameters: { epsilon: sweep([0, 0.01, 0.1]), arms: 10, steps: 1000 },
  replicates: replicate(50, { seed: 1, pairing: "common-random-numbers" }),
  metrics: {
    reward: metric.number({ unit: "mean reward a step", direction: "maximize" }),
    optimal: metric.number({ unit: "share of steps on the best arm", range: [0, 1] }),
  },
  primary: "reward",
  series: { curve: z.object({ step: z.int(), reward: z.number() }) },
  trial({ parameters: { epsilon, arms, steps }, random, record }) {
    const worth = Array.from({ length: arms }, () => random.normal());
    const best = worth.indexOf(Math.max(...worth));
    const pulls = worth.map(() => 0);
    const estimates = worth.map(() => 0);
    let total = 0;
    for (let step = 1; step <= steps; step += 1) {
      const explore = random.float() < epsilon;
      const arm = explore ? random.integer(0, arms - 1) : estimates.indexOf(Math.max(...estimates));
      const reward = worth[arm]! + random.normal();
      pulls[arm]! += 1;
      estimates[arm]! += (reward - estimates[arm]!) / pulls[arm]!;
      total += reward;
      if (step % 100 === 0) record("curve", { step, reward: total / step });
    }
    return { reward: total / steps, optimal: pulls[best]! / steps };
  },
  analyses: ({ compare }) => [compare("reward", { across: "epsilon", baseline: 0 })],
});
`;

export const tsconfig = `{
  "compilerOptions": {
    "target": "ES2023",
    "lib": ["ES2023"],
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "allowImportingTsExtensions": true,
    "resolveJsonModule": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["experiments"]
}
`;

export const gitignore = "node_modules/\n.lab/\n";
