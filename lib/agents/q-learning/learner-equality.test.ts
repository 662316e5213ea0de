// The proof that the fast learners are the reference: equal states, to the last bit, along whole trajectories.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../../random/random.ts";
import { expectedValues, type LearningProblem, qLearning, saveLearner } from "../q-learning.ts";
import { ran2Stream, xoshiroStream } from "../uniform-stream.ts";

interface Shape {
  readonly agents: number;
  readonly actions: number;
  readonly memory: number;
  readonly shocks: number;
  readonly ran2: boolean;
  readonly seed: number;
  readonly learningRate: number;
  readonly discount: number;
  readonly decay: number;
  /** Payoffs are multiples of one over this: 1 gives ties everywhere. */
  readonly grain: number;
}

const shapes = fc
  .record<Shape>({
    agents: fc.integer({ min: 1, max: 4 }),
    actions: fc.integer({ min: 1, max: 6 }),
    memory: fc.integer({ min: 0, max: 2 }),
    shocks: fc.integer({ min: 1, max: 3 }),
    ran2: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    learningRate: fc.constantFrom(0.05, 0.15, 0.5, 1),
    discount: fc.constantFrom(0, 0.5, 0.95),
    decay: fc.constantFrom(0, 1e-4, 1e-2, 1),
    grain: fc.constantFrom(1, 2, 1000),
  })
  .filter(({ agents, actions, memory }) => actions ** (agents * memory) <= 4096);

function problemOf(shape: Shape): LearningProblem {
  const { agents, actions, memory, shocks, seed, discount, grain } = shape;
  const random = randomFrom(seed);
  const payoffs = Float64Array.from({ length: shocks * actions ** agents * agents }, () => {
    return random.integer(-grain, grain) / grain;
  });
  const stream = (name: string) =>
    shape.ran2 ? ran2Stream({ seed }) : xoshiroStream(random.stream(name).state());
  return {
    agents,
    actions,
    memory,
    shocks,
    payoffs,
    // Agents differ, so that no learner may take one agent's rates for another's.
    learningRate: Array.from({ length: agents }, (_, agent) => shape.learningRate / (agent + 1)),
    discount,
    explorationDecay: Array.from({ length: agents }, (_, agent) => shape.decay * (agent + 1)),
    initialValues: expectedValues({ agents, actions, shocks, payoffs, discount }),
    initialActions: Array.from({ length: memory * agents }, () => random.integer(0, actions - 1)),
    exploration: stream("exploration"),
    ties: stream("ties"),
    stablePeriods: 400,
    periodsMax: 3000,
  };
}

/** Both learners play in uneven slices; after each, their whole states must be equal. */
function assertEqualTrajectories(problem: LearningProblem, engine: "kernel" | "duopoly"): void {
  const fast = qLearning(problem, { engine });
  const reference = qLearning(problem, { engine: "reference" });
  assert.equal(saveLearner(fast), saveLearner(reference), "before the first period");
  for (const slice of [1, 1, 2, 7, 100, 500, 1500, 2000]) {
    assert.is(fast.run(slice), reference.run(slice));
    assert.is(fast.periods, reference.periods);
    assert.equal(saveLearner(fast), saveLearner(reference), `at period ${reference.periods}`);
  }
}

test("the WebAssembly kernel plays as the reference does: any agents, memory, shocks, generator, ties", () => {
  fc.assert(
    fc.property(shapes, (shape) => assertEqualTrajectories(problemOf(shape), "kernel")),
    { numRuns: 150 },
  );
});

test("the plain duopoly loop plays as the reference does", () => {
  const actions = fc.integer({ min: 1, max: 16 });
  const duopoly = { agents: 2, memory: 1, shocks: 1, ran2: false };
  fc.assert(
    fc.property(shapes, actions, (shape, actions) =>
      assertEqualTrajectories(problemOf({ ...shape, ...duopoly, actions }), "duopoly"),
    ),
    { numRuns: 100 },
  );
});

const tied: Shape = {
  agents: 2,
  actions: 15,
  memory: 1,
  shocks: 1,
  ran2: false,
  seed: 7,
  learningRate: 1,
  discount: 0,
  decay: 1e-3,
  grain: 1,
};

test("forced ties are broken by the same draws, with few actions and with more than 64", () => {
  for (const shape of [
    tied,
    { ...tied, actions: 16 },
    { ...tied, ran2: true },
    { ...tied, actions: 70 },
    { ...tied, actions: 65, ran2: true },
  ]) {
    const problem = problemOf(shape);
    assertEqualTrajectories(problem, "kernel");
    if (!shape.ran2 && shape.actions <= 16) assertEqualTrajectories(problem, "duopoly");
    const reference = qLearning(problem, { engine: "reference" });
    reference.run(3000);
    assert.not.equal(reference.snapshot().ties.words, problem.ties.words, "no tie was met");
  }
});

test("a learner saved between slices and restored in any implementation ends in the same state", () => {
  const problem = problemOf({ ...tied, learningRate: 0.15, discount: 0.95, grain: 1000 });
  const undisturbed = qLearning(problem);
  undisturbed.run(3000);
  for (const first of ["kernel", "duopoly", "reference"] as const) {
    for (const second of ["kernel", "duopoly", "reference"] as const) {
      const killed = qLearning(problem, { engine: first });
      killed.run(777);
      const resumed = qLearning(problem, { engine: second, saved: saveLearner(killed) });
      resumed.run(3000);
      assert.equal(saveLearner(resumed), saveLearner(undisturbed), `${first} to ${second}`);
    }
  }
});

test("five hundred learners live side by side in one thread", () => {
  const problem = problemOf({ ...tied, grain: 1000, discount: 0.95 });
  const expected = qLearning(problem, { engine: "reference" });
  expected.run(300);
  for (const engine of ["kernel", "duopoly"] as const) {
    const learners = Array.from({ length: 500 }, () => qLearning(problem, { engine }));
    for (const slice of [100, 200]) for (const learner of learners) learner.run(slice);
    for (const learner of [learners[0]!, learners[250]!, learners[499]!]) {
      assert.equal(saveLearner(learner), saveLearner(expected), engine);
    }
  }
});

test.run();
