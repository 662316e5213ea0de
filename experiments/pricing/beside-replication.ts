// Who answered the firms, and our mean prices beside those of a public replication with Mistral-Large-2411 (21 runs each: seven at each of three
// alphas; thesis of L. Sauer, github.com/luciasauer/algorithmic_pricing_llms). Where a scripted server answered nothing is compared.
import type { CustomResult, CustomRow } from "labwright";

interface Replicated {
  readonly firms: number;
  readonly prefix: string;
  /** Mean price over alpha, last 50 of 300 rounds. */
  readonly price: number;
}

export function besideReplication(
  rows: readonly CustomRow[],
  published: readonly Replicated[],
): CustomResult {
  const measured = rows.filter(({ metrics }) => metrics !== null);
  const scripted = measured.filter((row) => Number(row.metrics?.scripted) > 0);
  const table = published.map(({ firms, prefix, price }) => {
    const ours = measured
      .filter(({ parameters }) => parameters.firms === firms && parameters.prefix === prefix)
      .map((row) => Number(row.metrics?.price));
    const mean = ours.length === 0 ? null : ours.reduce((sum, one) => sum + one, 0) / ours.length;
    return { firms, prefix, trials: ours.length, ours: mean, published: price };
  });
  if (measured.length === 0) return { sentence: "No trial has been measured.", tables: [] };
  if (scripted.length > 0) {
    return {
      sentence: `scripted: a scripted server answered in ${scripted.length} of ${measured.length} trials. These prices are a rule's and say nothing about language models; the published ones stand beside them only to show the form.`,
      tables: [{ rows: table }],
    };
  }
  const both = table.filter(({ ours }) => ours !== null);
  const furthest = Math.max(0, ...both.map(({ ours, published: price }) => Math.abs(ours! - price)));
  return {
    sentence: `${both.length} of ${table.length} published means have one of ours beside them; the furthest lies ${furthest.toFixed(3)} away (prices over alpha, last 50 rounds).`,
    tables: [{ rows: table }],
  };
}
