// Registrations on disk, `.lab/registrations/0001-<experiment>-<hash>.json`: each file is written once and never changed or removed
// by labwright. What a registration says of a run depends only on those made before the run began.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { OpenedExperiment } from "../plan/opened-plan.ts";
import {
  departureOf,
  type Registration,
  registeredContentOf,
  registrationHashOf,
} from "../plan/registration.ts";
import type { RegistrationSummary } from "../record/registration-summary.ts";
import { experimentFolderName, nextSerial, type StoreLayout } from "./files/layout.ts";
import { StoreError, wordedSync } from "./files/store-error.ts";
import { namesStored, parseStored } from "./files/stored-file.ts";
import { syncFolder } from "./ledger/frame-log.ts";
import type { RunManifest } from "./store.ts";

export interface StoredRegistration extends Registration {
  /** Path in the project. */
  readonly file: string;
}

export interface MadeRegistration {
  readonly registration: StoredRegistration;
  /** False when the newest registration of the experiment says the same: nothing was written then. */
  readonly isNew: boolean;
}

/** Registers an experiment as it is in the plan. */
export function register(
  layout: StoreLayout,
  experiment: OpenedExperiment,
  of: { readonly labwright: string; readonly at: string },
): MadeRegistration {
  const content = registeredContentOf(experiment);
  const hash = registrationHashOf(content);
  const newest = readRegistrations(layout, content.experiment).at(-1);
  if (newest?.hash === hash) return { registration: newest, isNew: false };
  const registration: Registration = { format: "labwright.registration/1", hash, ...of, content };
  const folder = layout.registrations;
  const serial = nextSerial(namesStored(folder));
  const name = `${serial}-${experimentFolderName(content.experiment)}-${hash.slice(0, 12)}.json`;
  const path = join(folder, name);
  wordedSync(path, () => {
    mkdirSync(folder, { recursive: true });
    // "wx" refuses to open a file that is there already.
    const file = openSync(path, "wx");
    try {
      writeSync(file, `${JSON.stringify(registration, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(folder);
  });
  return { registration: { ...registration, file: fileOf(name) }, isNew: true };
}

/** Registrations of an experiment, oldest first. Throws StoreError for a file whose content is not what its hash says. */
export function readRegistrations(layout: StoreLayout, experiment: string): readonly StoredRegistration[] {
  const folder = layout.registrations;
  return namesStored(folder)
    .filter((name) => name.endsWith(".json"))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => ({ ...readRegistration(join(folder, name)), file: fileOf(name) }))
    .filter(({ content }) => content.experiment === experiment);
}

/** What was registered of a run's experiment before its data, and how the run departs from it; null when nothing was before it began. */
export function registrationSummaryOf(of: {
  readonly layout: StoreLayout;
  readonly run: RunManifest;
  readonly experiment: OpenedExperiment;
  /** ISO 8601: when the first of the segments that hold its records was begun; null when there is none. */
  readonly dataFrom: string | null;
}): RegistrationSummary | null {
  const { layout, run, experiment, dataFrom } = of;
  const made = readRegistrations(layout, experiment.planned.name).filter(
    ({ at }) => at <= run.provenance.startedAt,
  );
  const before = made.filter(({ at }) => dataFrom === null || at <= dataFrom);
  const inForce = before.at(-1) ?? made[0];
  if (inForce === undefined) return null;
  const { analyses, deviations } = departureOf(inForce.content, registeredContentOf(experiment));
  const isBeforeData = before.length > 0;
  const later = made.slice(made.indexOf(inForce) + 1).map(({ hash, at }) => ({ hash, at }));
  const { hash, at, file } = inForce;
  return {
    hash,
    at,
    file,
    isBeforeData,
    later,
    analyses,
    deviations: [
      ...(isBeforeData
        ? []
        : [
            "Trials that count had been recorded before the registration was made, so nothing here is confirmatory.",
          ]),
      ...deviations,
      ...selectionDeparture(run.selection),
      ...later.map(
        (each) =>
          `It was registered anew on ${each.at.slice(0, 10)} (${each.hash.slice(0, 12)}), when trials had been recorded already; that registration does not count.`,
      ),
    ],
  };
}

function selectionDeparture({ filter, limit, shard }: RunManifest["selection"]): readonly string[] {
  const only = Object.entries(filter).map(([name, levels]) => `${name} = ${levels.join(" or ")}`);
  return [
    ...(only.length === 0 ? [] : [`Only trials with ${only.join(" and ")} were run.`]),
    ...(limit === null ? [] : [`At most ${limit} trials were run.`]),
    ...(shard === undefined ? [] : [`Only part ${shard.index} of ${shard.of} of the trials was run.`]),
  ];
}

function readRegistration(path: string): Registration {
  const parsed = parseStored(path);
  if ("fault" in parsed) throw new StoreError("damaged", `A registration cannot be read: ${parsed.fault}`);
  // Written by register(), if its hash says so.
  const read = parsed.value as Registration | null;
  if (read?.format !== "labwright.registration/1" || !isOfHash(read))
    throw new StoreError(
      "damaged",
      `The registration ${path} is not what was registered: its content does not have the hash that it names.`,
      "Put the file back as `lab build --register` wrote it, from a backup or from version control.",
    );
  return read;
}

function isOfHash({ content, hash }: Registration): boolean {
  try {
    return registrationHashOf(content) === hash;
  } catch {
    // A content that has no canonical form was not registered.
    return false;
  }
}

function fileOf(name: string): string {
  return `.lab/registrations/${name}`;
}
