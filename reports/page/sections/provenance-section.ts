// Where the numbers come from and how to get them again: run, build, code, versions, machine, command.
import type { RanAt } from "../../../runtime/record/trial-table.ts";
import type { Analysis } from "../../analysis/analysis.ts";
import { type Html, html } from "../html.ts";

export function provenanceSection(analysis: Analysis): Html {
  const of = analysis.provenance;
  if (of.ran !== undefined) return importedSection(of, of.ran);
  const code =
    of.gitCommit === null
      ? "not under version control"
      : `${of.gitCommit}${of.gitDirty === true ? ", with uncommitted changes (kept with the run)" : ""}`;
  const packages = Object.entries(of.packages);
  return html`<section id="provenance" aria-label="Provenance"><h2>Provenance</h2>
<div class="columns"><div><dl>
<dt>Run</dt><dd>${of.run}${of.runName !== null && ` (${of.runName})`}</dd>
<dt>Build</dt><dd>${of.build}</dd>
<dt>Started</dt><dd>${of.startedAt}</dd>
<dt>Finished</dt><dd>${of.finishedAt ?? "not finished when this report was made"}</dd>
<dt>Code</dt><dd>${code}</dd>
<dt>Lockfile</dt><dd>${of.lockfileHash ?? "none"}</dd>
<dt>Software</dt><dd>labwright ${of.labwright}, Node ${of.node}, ${of.platform}</dd>
<dt>Machine</dt><dd>${of.cpu}, ${of.cores} cores, ${of.memoryGb} GB memory</dd>
</dl>
${packages.length > 0 && html`<details><summary>Packages that the trials reach (${packages.length})</summary><p>${packages.map(([name, version]) => `${name} ${version}`).join(", ")}</p></details>`}</div>
<div><h3>How to reproduce</h3>
<p>${of.gitCommit === null ? "With the same sources" : `At commit ${of.gitCommit.slice(0, 12)}`} and the same lockfile, on Node ${majorOf(of.node)}:</p>
<pre><code>npm ci
${of.command}
npx lab report ${of.run}</code></pre>
<p class="small soft">The seeds come from names, not from the order of the work, so the number of workers and interruptions change nothing. The report itself is made from the stored run alone and comes out the same, byte for byte.</p></div></div></section>`;
}

/** Of what another tool ran neither code nor machine is known. */
function importedSection(of: Analysis["provenance"], ran: RanAt): Html {
  return html`<section id="provenance" aria-label="Provenance"><h2>Provenance</h2>
<div class="columns"><div><dl>
<dt>Run</dt><dd>${of.run}${of.runName !== null && ` (${of.runName})`}</dd>
<dt>Started</dt><dd>${ran.startedAt ?? "unknown"}</dd>
<dt>Finished</dt><dd>${ran.finishedAt ?? "unknown"}</dd>
<dt>Imported</dt><dd>${of.startedAt}, by labwright ${of.labwright}</dd>
<dt>Code</dt><dd>unknown</dd>
<dt>Machine</dt><dd>unknown</dd>
</dl></div>
<div><h3>How to reproduce</h3>
<p>Another tool ran the trials. From the same files the same run is made, and this report of it:</p>
<pre><code>${of.command}
npx lab report ${of.run}</code></pre></div></div></section>`;
}

function majorOf(version: string): string {
  return version.replace(/^v/, "").split(".")[0]!;
}
