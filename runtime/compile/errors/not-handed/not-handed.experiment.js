import { chat, defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "not-handed",
  parameters: { topic: sweep(["prices", "wages"]) },
  replicates: replicate(5),
  metrics: { words: metric.integer() },
  effects: { ask: chat({ endpoint: "http://127.0.0.1:8080/v1", model: "small-model" }) },
  stages: ({ stage }) => ({
    text: stage({
      per: "condition",
      uses: ["topic"],
      run: ({ parameters, effects }) =>
        effects.ask("topic", { messages: [{ role: "user", content: parameters.topic }] }),
    }),
  }),
  trial: (context) => ({ words: context.input.text.split(" ").length }),
});
