// What the editor must refuse of simulations of an orchestrator: checked by the type checker alone.

import { z } from "zod";
import { parameter, trialSeed } from "./command.ts";
import { defineExperiment } from "./define-experiment.ts";
import { grpc } from "./grpc.ts";
import { metric } from "./metric.ts";
import { sweep } from "./sweep.ts";

const where = { proto: "orchestrator.proto", address: "127.0.0.1:50051" } as const;

defineExperiment({
  name: "tank",
  parameters: { feed: sweep([1, 2]) },
  metrics: { biomass: metric.number() },
  trial: grpc({
    ...where,
    configuration: { set: { "tank.feed": parameter("feed"), seed: trialSeed } },
    metrics: { biomass: "tank.biomass" },
  }),
});

defineExperiment({
  name: "misspelt-parameter",
  parameters: { feed: sweep([1, 2]) },
  metrics: { biomass: metric.number() },
  // @ts-expect-error the experiment has no parameter `fed`
  trial: grpc({ ...where, configuration: { set: { "tank.feed": parameter("fed") } } }),
});

defineExperiment({
  name: "misspelt-metric",
  parameters: { feed: sweep([1, 2]) },
  metrics: { biomass: metric.number() },
  // @ts-expect-error the experiment has no metric `bimass`
  trial: grpc({ ...where, metrics: { bimass: "tank.biomass" } }),
});

defineExperiment({
  name: "misspelt-series",
  parameters: { feed: sweep([1, 2]) },
  metrics: { biomass: metric.number() },
  series: { growth: z.object({ day: z.int() }) },
  // @ts-expect-error the experiment has no series `grow`
  trial: grpc({ ...where, series: { grow: "days" } }),
});

// @ts-expect-error a duration has a unit
grpc({ ...where, awayFor: "10" });
// @ts-expect-error an address is needed
grpc({ proto: "orchestrator.proto" });
