// From what was checked and loaded to a graph of jobs: definitions meet their places, stages get their code, needs are ordered.
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { definitionNotLiteral, noExport } from "../../diagnostic/messages.ts";
import type { Checked } from "../check/check.ts";
import { checkDefinitions, type PlacedExperiment } from "../load/check-definitions.ts";
import { codeOfStage, type StageCodes } from "../slice/stage-code.ts";
import { type Linked, link } from "./link.ts";

export interface LinkedBuild extends Linked {
  readonly codes: StageCodes;
  /** Data files that stages reach, relative to the root. */
  readonly data: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/** Links a checked build; every diagnostic of checking and loading is part of the answer. */
export async function linkChecked(checked: Checked): Promise<Result<LinkedBuild, readonly Diagnostic[]>> {
  const { root, located, loaded, bundles } = checked;
  const items: PlacedExperiment[] = loaded.experiments.map((experiment) => {
    const written = located.find(
      ({ file, exportName }) => file === experiment.file && experiment.exportNames.includes(exportName),
    );
    return { experiment, place: written?.place ?? loaded.placeOf(experiment.site), written: written ?? null };
  });
  const { precisePlace } = await import("../rules/precise-place.ts");
  // A module's exports come by name; a reader expects them in order of writing.
  items.sort(
    (a, b) =>
      compareText(a.experiment.file, b.experiment.file) || (a.place?.line ?? 0) - (b.place?.line ?? 0),
  );
  const diagnostics = [
    ...checked.diagnostics,
    ...checkDefinitions(items, loaded.placeOf, (vague) => precisePlace({ root, ...vague })),
    ...emptyFiles(loaded),
  ];
  for (const { experiment, place, written } of items) {
    const part = written === null || written.definition === null ? "The definition" : "The trial";
    const isWritten = written?.definition && written.stages.some(({ name }) => name === "trial");
    if (!isWritten) diagnostics.push(definitionNotLiteral({ place, experiment: experiment.name, part }));
  }
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, error: diagnostics };
  const unlocated = items.flatMap(({ experiment: { file, exportNames }, written }) =>
    written === null ? [{ file, exportName: exportNames[0] ?? "default" }] : [],
  );
  // A sound definition can be cut out; if not, the mistake is ours.
  if (!checked.codes.ok) throw checked.codes.error;
  const codes = {
    ...checked.codes.value,
    ...(unlocated.length === 0 ? {} : await wholeExports(checked, unlocated)),
  };
  const linked = link(items, {
    bundleOf: ({ experiment }) => bundles.fileOf.get(experiment.file) ?? "",
    codeOf({ experiment: { file, exportNames }, written }, stage) {
      const exportName = written?.exportName ?? exportNames[0] ?? "default";
      return codeOfStage(codes, { file, exportName }, stage.name);
    },
  });
  if (!linked.ok) return { ok: false, error: [...diagnostics, ...linked.error] };
  const data = Object.values(codes).flatMap(({ outside }) =>
    outside.flatMap(({ kind, name }) => (kind === "file" ? [name] : [])),
  );
  for (const job of linked.value.jobs) data.push(...(job.files ?? []).map(({ source }) => source));
  return { ok: true, value: { ...linked.value, codes, data, warnings: diagnostics } };
}

/** Definitions made elsewhere than where they are exported, known only now that they are loaded. */
async function wholeExports(
  { root, folder, bundles }: Checked,
  unlocated: readonly { readonly file: string; readonly exportName: string }[],
): Promise<StageCodes> {
  const { cutStages } = await import("../check/check-syntax.ts");
  return cutStages({ root, folder, located: [], unlocated, bundles });
}

function emptyFiles({ files, experiments }: Checked["loaded"]): Diagnostic[] {
  const full = new Set(experiments.map(({ file }) => file));
  const empty = [...files].filter((file) => !full.has(file));
  return empty.map((file) => noExport({ place: { file, line: 1, column: 1, length: 1 }, file }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
