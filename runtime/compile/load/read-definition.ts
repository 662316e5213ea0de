// From a definition with functions to plain data: series as JSON Schema, the space expanded, stages with their conditions.
// Runs in the loading process; whatever the author's functions throw becomes a problem with its place.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { CallSite } from "../../../lib/experiment/call-site.ts";
import { declaredOf, type ExperimentDefinition } from "../../../lib/experiment/definition.ts";
import { settingsOf, simulationPort } from "../../../lib/experiment/grpc.ts";
import type { Json } from "../../../lib/experiment/json.ts";
import { problemOf } from "../../../lib/experiment/problem.ts";
import { descriptorOf } from "../../../lib/experiment/space/descriptor.ts";
import { indexedSpaceOf, spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import { overrideSpace } from "../../../lib/experiment/space/override-space.ts";
import type { Condition, IndexedSpace, SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import { derivedHashesOf } from "../../plan/derived-hashes.ts";
import { commandFilesOf, programOf } from "./command-files.ts";
import { type ExpandedSpace, expandedSpace, shown } from "./expanded-space.ts";
import type { LoadedExperiment, LoadedStage, SpaceProblem } from "./loaded-experiment.ts";
import { conditionsIn, plannedPorts } from "./planned-ports.ts";
import { seedSaltsOf } from "./seed-salts.ts";
import { stageConditions } from "./stage-conditions.ts";
import { usesOfStages } from "./stage-uses.ts";

export interface ReadOptions {
  /** Absolute path of the project. */
  readonly root: string;
  readonly file: string;
  readonly exportNames: readonly string[];
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
  framesOf(thrown: Error): readonly CallSite[];
  /** Says which part of the definition is about to be looked at or called. */
  busy(part: string, site: CallSite | null): void;
  /** Says, now and then, that it goes on. */
  alive(): void;
  /** Keeps a file with the build and gives its path relative to the build's folder. */
  keep(suffix: string, content: Uint8Array | string): string;
}

export async function readDefinition(
  definition: ExperimentDefinition,
  options: ReadOptions,
): Promise<LoadedExperiment> {
  const { replicates, stages, needs, site } = definition;
  const chosen = overridden(definition, options.overrides);
  const { space } = chosen;
  const problems = [...definition.problems, ...chosen.problems];
  const expanded = expand({ ...definition, space }, problems.length > 0, options);
  const descriptor = descriptorOf(space);
  const indexed = spaceFromDescriptor(descriptor, {
    admitted: expanded.admitted ?? undefined,
    // Checked to be JSON by the expansion; a problem stops the build before they are used.
    derived: (expanded.derived ?? undefined) as readonly (Condition | null)[] | undefined,
  });
  const usesOf = usesOfStages(stages, indexed.parameters);
  const isSound = problems.length === 0 && expanded.problems.length === 0;
  const commands = new Map(
    stages.flatMap((stage) =>
      stage.kind === "command" ? [[stage.name, commandFilesOf(stage.command, options)] as const] : [],
    ),
  );
  const sound = isSound ? indexed : null;
  const ports = plannedPorts(definition.effects, sound);
  return {
    file: options.file,
    exportNames: options.exportNames,
    ...declaredOf(definition),
    limits: definition.limits,
    tags: definition.tags,
    labels: definition.labels,
    series: await schemasOf(definition.series),
    stages: stages.map((stage) => {
      const { name, per, needs: stageNeeds, reads, site: stageSite } = stage;
      const { uses, inherited } = usesOf.get(name) ?? { uses: "all", inherited: [] };
      return {
        name,
        per,
        uses,
        inherited,
        needs: stageNeeds,
        reads,
        site: stageSite,
        ...(commands.has(name) && { files: commands.get(name)?.files }),
        ...(stage.kind === "command" && { program: programOf(stage.command) }),
        ...(stage.kind === "command" && stage.hands !== null && { metrics: stage.hands.metrics }),
        ...(isSound
          ? conditionsOfStage({ tree: space, space: indexed, per, uses, replicates, alive: options.alive })
          : { conditions: 0, projected: null }),
      };
    }),
    needs: Object.fromEntries(Object.entries(needs).map(([key, needed]) => [key, needed.name])),
    effects: ports.effects,
    simulation: simulationIn(definition, sound),
    problems: [...problems, ...ports.problems, ...[...commands.values()].flatMap((each) => each.problems)],
    site,
    parameters: indexed.parameters,
    factors: indexed.factors.map(({ name }) => name),
    space: descriptor,
    design: designHash(descriptor, expanded),
    conditions: expanded.conditions,
    admittedCount: expanded.admittedCount,
    admitted: expanded.admitted === null ? null : options.keep(".admitted.bin", expanded.admitted),
    derived:
      expanded.derived === null ? null : options.keep(".derived.json", JSON.stringify(expanded.derived)),
    derivedHashes: derivedHashes(expanded),
    overrides: chosen.overrides,
    spaceProblems: expanded.problems,
  };
}

/** Seeds are whole numbers up to this one: a field that holds it holds any. */
const largestSeed = 2 ** 32 - 1;

/** What the parent process, which reads the schema, needs of a trial that is a simulation of an orchestrator. */
function simulationIn(
  { effects }: Pick<ExperimentDefinition, "effects">,
  space: IndexedSpace | null,
): LoadedExperiment["simulation"] {
  const { simulation, site = null } = effects[simulationPort] ?? {};
  if (simulation === undefined) return null;
  const replicate = { index: 0, seed: largestSeed };
  const settings = (space === null ? [] : conditionsIn(space)).map((parameters) =>
    settingsOf(simulation.set, { parameters, replicate }),
  );
  return { written: simulation, site, settings };
}

function conditionsOfStage(
  of: Parameters<typeof stageConditions>[0] &
    Pick<ReadOptions, "alive"> &
    Pick<LoadedExperiment, "replicates">,
): Pick<LoadedStage, "conditions" | "projected" | "seedSalts"> {
  const { per, space, replicates } = of;
  const { conditions, projected } = stageConditions(of);
  const seedSalts = seedSaltsOf({
    per,
    replicates,
    conditions,
    isKnown: projected !== null || !space.grows,
    at: (index) => projected?.[index] ?? space.at(index),
    admits: projected === null && space.filtered ? (index) => space.admits(index) : null,
    alive: of.alive,
  });
  return { conditions, projected, ...(seedSalts !== undefined && { seedSalts }) };
}

const unexpanded = { conditions: 0, admittedCount: 0, admitted: null, derived: null };

/** So many times the author's function that is called is told by name; past it, of a large space, only that it goes on. */
const toldMax = 10_000;

function expand(
  { space, site }: Pick<ExperimentDefinition, "space" | "site">,
  hasProblems: boolean,
  options: ReadOptions,
): ExpandedSpace {
  // A space that its builders found unsound may not even be walkable.
  if (hasProblems) return { ...unexpanded, problems: [] };
  let told = 0;
  let called: { readonly part: string; readonly condition: Condition } | null = null;
  let last: unknown = null;
  options.busy("space", site);
  try {
    const expanded = expandedSpace(space, {
      alive: options.alive,
      before(one, condition) {
        called = { part: one.part, condition };
        if (one === last || told > toldMax) return;
        last = one;
        told += 1;
        if (told > toldMax) options.busy("space", site);
        else options.busy(one.part, one.site);
      },
    });
    options.busy("space", site);
    return expanded;
  } catch (thrown) {
    options.busy("space", site);
    // Nothing but the author's functions throws in a sound space.
    const { part, condition } = called ?? { part: "space", condition: {} };
    const problem: SpaceProblem = {
      kind: "threw",
      part,
      condition: shown(condition),
      text: thrown instanceof Error ? thrown.message : String(thrown),
      frames: thrown instanceof Error ? options.framesOf(thrown) : [],
    };
    return { ...unexpanded, problems: [problem] };
  }
}

async function schemasOf(series: ExperimentDefinition["series"]): Promise<LoadedExperiment["series"]> {
  if (Object.keys(series).length === 0) return {};
  const { toJSONSchema } = await import("zod");
  const schemaOf = (schema: z.ZodType): LoadedExperiment["series"][string] => {
    try {
      const found = toJSONSchema(schema, { io: "output", unrepresentable: "throw" });
      if (found.type === "object") return { schema: found };
      return { reason: `its rows are ${found.type ?? "of several types"}, not objects` };
    } catch (thrown) {
      return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  };
  return Object.fromEntries(Object.entries(series).map(([name, schema]) => [name, schemaOf(schema)]));
}

/** Values that are not JSON have no hash; they stop the build. */
function derivedHashes({ derived, problems }: ExpandedSpace): string | null {
  return derived === null || problems.length > 0 ? null : derivedHashesOf(derived);
}

function designHash(descriptor: SpaceDescriptor, { admitted, derived }: ExpandedSpace): string {
  const hash = createHash("sha256").update(JSON.stringify([descriptor, derived]));
  return hash.update(admitted ?? "").digest("hex");
}

/** The space with the levels of the command line in place of the declared ones. */
function overridden({ space, site }: ExperimentDefinition, overrides: ReadOptions["overrides"]) {
  const own: Record<string, readonly Json[]> = {};
  for (const [name, levels] of Object.entries(overrides)) {
    // overrideSpace finds what is not JSON among them.
    if (indexedSpaceOf(space).parameters.includes(name)) own[name] = levels as readonly Json[];
  }
  if (Object.keys(own).length === 0) return { space, problems: [], overrides: {} };
  const replaced = overrideSpace(space, own);
  const repeated = Object.entries(own).flatMap(([name, levels]) => {
    const twice = levels.find((level, index) =>
      levels.slice(0, index).some((earlier) => isDeepStrictEqual(earlier, level)),
    );
    if (twice === undefined) return [];
    return problemOf({
      code: "duplicate-level",
      subject: `parameter "${name}"`,
      found: JSON.stringify(twice),
      site,
    });
  });
  return { space: replaced.space, problems: [...replaced.problems, ...repeated], overrides: own };
}
