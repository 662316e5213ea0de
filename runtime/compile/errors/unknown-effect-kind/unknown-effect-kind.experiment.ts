import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "unknown-effect-kind",
  parameters: { round: sweep([1, 2]) },
  metrics: { score: metric.number() },
  async trial({ parameters, effect }) {
    const asked = await effect<number>("asked", { round: parameters.round }, { kind: "aks" });
    const judged = await effect<number>("judged", { asked }, { kind: "judge" });
    const own = await effect<number>("own", { judged }, { perform: async () => 1 });
    const nobodys = await effect<number>("nobodys", { own });
    return { score: nobodys };
  },
});
