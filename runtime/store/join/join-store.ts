// Everything that another store holds, taken over into this one: runs, builds, artifacts, accepted identities, registrations and saved
// states. Nothing here is lost or rewritten; what is here already is left as it is.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../diagnostic/user-error.ts";
import { appendAccepted, readAccepted } from "../accepted.ts";
import { nextSerial, type StoreLayout } from "../files/layout.ts";
import { takeProjectLock } from "../files/run-locks.ts";
import { StoreError } from "../files/store-error.ts";
import { namesStored } from "../files/stored-file.ts";
import { artifactsIn } from "../kept/artifact-list.ts";
import { openArtifacts } from "../kept/artifacts.ts";
import type { ProjectStore } from "../project-store.ts";
import { isRunning } from "../runs/start-run.ts";
import { artifactFrom, remotesApart } from "../s3/remote-artifact.ts";
import { copyFolder, copyWhole, filesUnder } from "./compare-files.ts";
import { type JoinedRun, joinRuns } from "./join-runs.ts";

export interface Joined {
  readonly runs: readonly JoinedRun[];
  /** How many of each were new here. */
  readonly builds: number;
  readonly artifacts: number;
}

/** Throws StoreError ("locked") while a run goes on in either store, and ("damaged") for an artifact whose bytes are not what its name says. */
export async function joinStore(ours: ProjectStore, theirs: ProjectStore): Promise<Joined> {
  await assertQuiet(ours);
  await assertQuiet(theirs);
  mkdirSync(ours.layout.folder, { recursive: true });
  const lock = await takeProjectLock(ours.layout, "a merge");
  try {
    // Builds and artifacts first: a run that is seen has all that it names.
    const builds = joinBuilds(ours.layout, theirs.layout);
    const problems: string[] = [];
    const artifacts =
      (await joinArtifacts(ours.layout, theirs.layout)) + (await joinRemoteArtifacts(ours, theirs, problems));
    joinAccepted(ours.layout, theirs.layout);
    joinRegistrations(ours.layout, theirs.layout);
    joinCheckpoints(ours.layout, theirs.layout);
    const runs = joinRuns(ours.layout, theirs.layout, problems);
    for (const problem of problems) ours.addProblem(problem);
    return { runs, builds, artifacts };
  } finally {
    lock.release();
  }
}

async function assertQuiet(store: ProjectStore): Promise<void> {
  const going = (await store.runs()).find((run) => isRunning(store, run));
  if (going !== undefined)
    throw new StoreError(
      "locked",
      `${going.id} is running in ${store.root}.`,
      "Wait for it (`lab watch`), or end it (`lab stop`).",
    );
}

function joinBuilds(ours: StoreLayout, theirs: StoreLayout): number {
  const names = namesStored(theirs.builds).filter(
    (name) => /^[0-9a-f]{12}$/.test(name) && !existsSync(join(ours.builds, name)),
  );
  for (const name of names) {
    const from = join(theirs.builds, name);
    const draft = join(ours.folder, `join-${randomUUID().slice(0, 8)}.draft`);
    copyFolder(from, join(ours.builds, name), { draft, files: filesUnder(from) });
  }
  return names.length;
}

async function joinArtifacts(ours: StoreLayout, theirs: StoreLayout): Promise<number> {
  const [to, from] = [openArtifacts(ours.artifacts), openArtifacts(theirs.artifacts)];
  let count = 0;
  for (const folder of namesStored(theirs.artifacts).filter((name) => /^[0-9a-f]{2}$/.test(name)))
    for (const hash of namesStored(join(theirs.artifacts, folder)).filter((name) =>
      /^[0-9a-f]{64}$/.test(name),
    )) {
      if (existsSync(to.pathOf(hash))) continue;
      await to.put(await from.read(hash), hash);
      count += 1;
    }
  return count;
}

/** What lies in buckets of theirs alone, since it was sent there and dropped, comes from there. What is nowhere any more is left out. */
async function joinRemoteArtifacts(
  ours: ProjectStore,
  theirs: ProjectStore,
  problems: string[],
): Promise<number> {
  const places = remotesApart(ours.layout.folder, theirs.layout.folder);
  if (places.length === 0) return 0;
  const to = openArtifacts(ours.layout.artifacts);
  const named = new Set(artifactsIn(theirs.segments()).map(({ hash }) => hash));
  const missing = [...named].filter((hash) => !existsSync(to.pathOf(hash)));
  if (missing.length === 0) return 0;
  let count = 0;
  try {
    for (const hash of missing) {
      const bytes = await artifactFrom(places, hash);
      if (bytes === null) continue;
      await to.put(bytes, hash);
      count += 1;
    }
  } catch (error) {
    // The bucket's: no keys for it here, or it does not answer.
    if (!(error instanceof UserError)) throw error;
    const left = missing.length - count;
    problems.push(
      `${error.message}; ${left === 1 ? "an artifact lies" : `${left} artifacts lie`} there alone: give the same command again once it can be read.`,
    );
  }
  return count;
}

function joinAccepted(ours: StoreLayout, theirs: StoreLayout): void {
  const known = new Set(readAccepted(ours.accepted).map((each) => JSON.stringify(each)));
  for (const each of readAccepted(theirs.accepted))
    if (!known.has(JSON.stringify(each))) appendAccepted(ours.accepted, each);
}

/** The serial in a registration's name is its place here; the rest says what was registered. */
function joinRegistrations(ours: StoreLayout, theirs: StoreLayout): void {
  const contentOf = (name: string): string => name.replace(/^\d+-/, "");
  const known = new Set(namesStored(ours.registrations).map(contentOf));
  for (const name of namesStored(theirs.registrations)
    .filter((each) => each.endsWith(".json"))
    .sort()) {
    if (known.has(contentOf(name))) continue;
    const serial = nextSerial(namesStored(ours.registrations));
    copyWhole(join(theirs.registrations, name), join(ours.registrations, `${serial}-${contentOf(name)}`));
  }
}

/** Saved states of trials in progress that nobody has here. */
function joinCheckpoints(ours: StoreLayout, theirs: StoreLayout): void {
  for (const name of namesStored(theirs.checkpoints).filter((each) => each.endsWith(".checkpoint")))
    if (!existsSync(join(ours.checkpoints, name)))
      copyWhole(join(theirs.checkpoints, name), join(ours.checkpoints, name));
}
