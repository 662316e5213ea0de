// What `stages: ({ stage, commandStage }) => ...` is handed, typed by the parameters and series of its experiment.
import type { CommandStageOptions, Contents, HandedOf } from "./command-stage.ts";
import type { Metrics } from "./metric.ts";
import type { ParameterOf } from "./space/condition-space.ts";
import type { ReturnsJson, Stage, StageNeeds, StageOptions, StagePer } from "./stage.ts";

/** C: the conditions; R: the rows of the series as recorded. */
export interface StageDoor<C, R = Record<never, never>> {
  /**
   * Declares a stage: `stage({ per: "condition", uses: ["firms"], run({ parameters }) { return { price: ... }; } })`. It returns JSON
   * data, which later stages and the trial get under `inputs`.
   */
  stage<
    const Per extends StagePer,
    const U extends readonly ParameterOf<C>[] | "all" = "all",
    // biome-ignore lint/complexity/noBannedTypes: no needs is an object type without keys, not "any non-nullish value".
    const N extends StageNeeds = {},
    T = never,
  >(options: StageOptions<C, R, Per, U, N, T> & ReturnsJson<T>): Stage<T>;

  /**
   * Declares a stage that a program takes. Later stages and the trial get `{ metrics, contents }` under `inputs`: the declared metrics
   * with the checks of a trial's, and the files named under `contents`.
   *
   * @example
   * stages: ({ commandStage }) => ({
   *   train: commandStage({
   *     per: "replicate",
   *     uses: ["rate"],
   *     metrics: { loss: metric.number({ range: [0, Infinity] }) },
   *     contents: { policy: { json: "policy.json", schema: z.object({ weights: z.array(z.number()) }) } },
   *     run: command({ run: ["python3", "train.py", configFile], metrics: { json: "metrics.json" } }),
   *   }),
   * }),
   * trial: ({ inputs }) => ({ score: evaluated(inputs.train.contents.policy.weights) }),
   */
  commandStage<
    const Per extends StagePer,
    const U extends readonly ParameterOf<C>[] | "all" = "all",
    const N extends StageNeeds = Record<never, never>,
    const M extends Metrics = Record<never, never>,
    const K extends Contents = Record<never, never>,
  >(options: CommandStageOptions<C, R, Per, U, N, M, K>): Stage<HandedOf<M, K>>;
}
