// What the editor must refuse in programs as trials and stages, and what they hand on: checked by the type checker alone.
import { expectTypeOf } from "expect-type";
import { z } from "zod";
import { command, configFile, parameter } from "./command.ts";
import { defineExperiment } from "./define-experiment.ts";
import { metric } from "./metric.ts";
import { sweep } from "./sweep.ts";

// A program is a kind of stage of its own: what it names is compared, and what it hands on is typed.
defineExperiment({
  name: "trained",
  parameters: { rate: sweep([0.1, 0.5]), task: sweep(["easy", "hard"]) },
  metrics: { score: metric.number() },
  series: { rounds: z.object({ round: z.int() }) },
  stages: ({ commandStage }) => {
    const train = commandStage({
      per: "replicate",
      uses: ["rate"],
      metrics: { loss: metric.number(), ending: metric.category(["done", "stuck"]) },
      contents: {
        policy: { json: "policy.json", schema: z.object({ weights: z.array(z.number()) }) },
        log: { text: "log.txt" },
      },
      run: command({
        run: ["python3", "train.py", parameter("rate"), configFile],
        metrics: { json: "metrics.json", names: { loss: "final.loss" } },
        series: { rounds: { csv: "rounds.csv" } },
      }),
    });
    commandStage({
      per: "replicate",
      uses: ["rate"],
      // @ts-expect-error the stage does not use `task`
      run: command({ run: ["sh", parameter("task")], metrics: { json: "metrics.json" } }),
    });
    commandStage({
      per: "replicate",
      metrics: { loss: metric.number() },
      // @ts-expect-error no such metric of this stage
      run: command({ run: ["sh"], metrics: { json: "metrics.json", names: { score: "loss" } } }),
    });
    return { train };
  },
  trial({ inputs, parameters }) {
    expectTypeOf(inputs.train).toEqualTypeOf<{
      readonly metrics: { readonly loss: number; readonly ending: "done" | "stuck" };
      readonly contents: { readonly policy: { weights: number[] }; readonly log: string };
    }>();
    return { score: inputs.train.metrics.loss * (parameters.task === "hard" ? 2 : 1) };
  },
});

defineExperiment({
  name: "called",
  parameters: { rate: sweep([0.1, 0.5]) },
  metrics: { score: metric.number() },
  // @ts-expect-error no such series
  trial: command({ run: ["sh"], metrics: { json: "m.json" }, series: { rounds: { csv: "rounds.csv" } } }),
});

defineExperiment({
  name: "plain",
  parameters: { rate: sweep([0.1, 0.5]) },
  metrics: { score: metric.number() },
  trial: command({ run: ["sh"], metrics: { json: "m.json" } }),
});
