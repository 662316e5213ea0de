// A law over random graphs of stages with random `uses`, `per` and needs: every unit of every stage finds the unit that it draws on, with
// the same values of the parameters that both see, and a stage has as many units as its parameters have combinations.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ExperimentDefinition } from "../../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import { cross, oneOf, where } from "../../../lib/experiment/space/joined-spaces.ts";
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";
import { plannedJobsOf } from "../../execute/controller/jobs/planned-jobs.ts";
import { bitsOf } from "../../plan/bitmap.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import type { BuildId } from "../../plan/plan.ts";
import { picked } from "../../plan/projection.ts";
import { everything, select } from "../../plan/selection.ts";
import { conditionOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import { link } from "../link/link.ts";
import { readDefinition } from "./read-definition.ts";

const names = ["world", "algorithm", "rate", "depth"] as const;
const pers = ["build", "condition", "replicate"] as const;

interface Drawn {
  readonly per: (typeof pers)[number];
  readonly uses: readonly (typeof names)[number][] | "all";
  /** Which of the stages before it it needs, a bit each. */
  readonly needs: number;
}

const stages = fc.array(
  fc.record({
    per: fc.constantFrom(...pers),
    uses: fc.oneof(fc.constant("all" as const), fc.subarray([...names])),
    needs: fc.integer({ min: 0, max: 31 }),
  }),
  { minLength: 1, maxLength: 5 },
);
const spaces = {
  product: { world: sweep(["a", "b", "c"]), algorithm: sweep([1, 2]), rate: sweep([0.1, 0.2]), depth: 3 },
  filtered: where(
    {
      world: sweep(["a", "b", "c"]),
      algorithm: sweep([1, 2]),
      rate: sweep([0.1, 0.2]),
      depth: sweep([1, 2]),
    },
    ({ world, depth }) => world !== "a" || depth === 1,
  ),
  branching: cross(
    { world: sweep(["a", "b"]) },
    oneOf("algorithm", { greedy: { rate: sweep([1, 2, 3]) }, deep: { depth: sweep([4, 5]) } }),
  ),
};

function definitionOf(drawn: readonly Drawn[], space: keyof typeof spaces): ExperimentDefinition {
  return defineExperiment({
    name: "drawn",
    // The three spaces have the same parameters; which one it is does not matter to the types here.
    parameters: spaces[space] as unknown as typeof spaces.product,
    replicates: replicate(2, { seed: 1 }),
    metrics: { x: metric.number() },
    stages: ({ stage }) => {
      const made: Record<string, ReturnType<typeof stage>> = {};
      for (const [index, { per, uses, needs }] of drawn.entries()) {
        const needed = Object.fromEntries(
          Object.entries(made).filter(
            ([name], place) =>
              ((needs >> place) & 1) === 1 &&
              pers.indexOf(drawn[Number(name.slice(1))]!.per) <= pers.indexOf(per),
          ),
        );
        made[`s${index}`] = stage({
          per,
          ...(per === "build" ? {} : { uses }),
          needs: needed,
          run: () => 1,
        }) as ReturnType<typeof stage>;
      }
      return made;
    },
    trial: () => ({ x: 1 }),
  });
}

async function openedPlanOf(definition: ExperimentDefinition): Promise<OpenedPlan> {
  const kept = new Map<string, Uint8Array | string>();
  const experiment = await readDefinition(definition, {
    root: "/nowhere",
    file: "drawn.experiment.ts",
    exportNames: ["default"],
    overrides: {},
    framesOf: () => [],
    busy: () => undefined,
    alive: () => undefined,
    keep: (suffix, content) => {
      kept.set(suffix, content);
      return suffix;
    },
  });
  assert.equal([...experiment.problems, ...experiment.spaceProblems], []);
  const linked = link([{ experiment, place: null, written: null }], {
    bundleOf: () => "",
    codeOf: (_, { name }) => ({ slice: name, symbols: [], outside: [] }),
  });
  if (!linked.ok) throw new Error(linked.error.map(({ message }) => message).join());
  const { experiments, jobs } = linked.value;
  const admitted = kept.get(".admitted.bin");
  return {
    plan: {
      format: "labwright.plan/1",
      build: "b" as BuildId,
      labwright: "",
      semantics: 1,
      experiments,
      jobs,
    },
    folder: "",
    experiments: experiments.map((planned) => ({
      planned,
      space: spaceFromDescriptor(planned.space, admitted instanceof Uint8Array ? { admitted } : {}),
      jobs: jobs.map((job, index) => ({ index, job })),
    })),
  };
}

test("every unit of every stage finds its input, and a stage has a unit for each combination of what it depends on", async () => {
  await fc.assert(
    fc.asyncProperty(
      stages,
      fc.constantFrom(...(Object.keys(spaces) as (keyof typeof spaces)[])),
      async (drawn, kind) => {
        const opened = await openedPlanOf(definitionOf(drawn, kind));
        const space = opened.experiments[0]!.space;
        const selected = select(opened, everything);
        assert.ok("wanted" in selected);
        const conditions = Array.from({ length: space.size }, (_, index) => index)
          .filter((index) => !space.filtered || space.admits(index))
          .map((index) => space.at(index));
        for (const { job, needs, index } of plannedJobsOf(opened)) {
          const units = [...bitsOf(selected.wanted.get(index) ?? new Uint8Array())];
          const combinations = new Set(conditions.map((each) => conditionKeyOf(picked(each, job.uses))));
          const expected = job.per === "build" ? 1 : combinations.size * job.replicates;
          assert.is(units.length, expected, `units of ${job.stage}`);
          for (const need of needs) {
            const needed = opened.plan.jobs[need.job]!;
            for (const unit of units) {
              const other = need.unitOf?.(unit) ?? -1;
              const [own, theirs] = [coordinatesOf(job, unit), coordinatesOf(needed, other)];
              assert.is(theirs.replicate, needed.per === "replicate" ? own.replicate : 0);
              if (needed.per === "build") continue;
              const seen = conditionOfUnit(job, own.condition, space) ?? {};
              const handed = conditionOfUnit(needed, theirs.condition, space) ?? {};
              assert.equal(picked(seen, needed.uses), { ...handed }, `${job.stage} from ${needed.stage}`);
            }
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("what a stage depends on through another is told apart from what it names", async () => {
  const { plan } = await openedPlanOf(
    definitionOf(
      [
        { per: "condition", uses: ["world"], needs: 0 },
        { per: "replicate", uses: ["algorithm"], needs: 1 },
        { per: "replicate", uses: ["rate"], needs: 2 },
      ],
      "product",
    ),
  );
  assert.equal(
    plan.jobs.map(({ stage, uses, inherited }) => [stage, uses, inherited]),
    [
      ["s0", ["world"], undefined],
      ["s1", ["world", "algorithm"], ["world"]],
      ["s2", ["world", "algorithm", "rate"], ["world", "algorithm"]],
      ["trial", "all", undefined],
    ],
  );
});

test.run();
