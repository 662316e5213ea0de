import { chat, defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "bad-effect",
  parameters: { model: sweep([1, 2]) },
  metrics: { length: metric.integer() },
  effects: { ask: chat({ endpoint: "http://127.0.0.1:8080/v1", model: (p) => p.model }) },
  async trial({ effects }) {
    const { text } = await effects.ask("question", { messages: [{ role: "user", content: "?" }] });
    return { length: text.length };
  },
});
