import { dirname, join, normalize } from "node:path";
import type { Configuration } from "../domain/configuration.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import { objectsAreApart } from "./checks/objects-are-apart.ts";
import { configurationSchema } from "./configuration-schema.ts";
import { crossChecks } from "./cross-checks.ts";
import { readDraft } from "./draft.ts";
import { environmentObjects } from "./environment-objects.ts";
import { faultPlaces } from "./fault-places.ts";
import { inReadingOrder, type Fault } from "./fault.ts";
import { configurationJsonSchema } from "./json-schema.ts";
import { normalise } from "./normalise.ts";
import { projectNotes, type Note } from "./notes.ts";
import { readProjectFile, readProjectFolder, type UnreadFile } from "./project-files.ts";
import { runCommand } from "./render/run-command.ts";
import { schemaFindings } from "./schema-findings.ts";
import { readSources, type CommandRunner, type FolderReader } from "./source-documents.ts";
import { readYaml, type SourceFile } from "./yaml-text.ts";

/** promoter.yml and its pod specs, without a fault. All of it plain JSON. */
export interface Project {
  readonly configuration: Configuration;
  /** The objects of `application/environment`, namespaces filled in, images not pinned. */
  readonly podSpecs: Readonly<Record<string, readonly KubernetesObject[]>>;
}

export type LoadedConfiguration =
  | ({ readonly kind: "ok"; readonly notes: readonly Note[] } & Project)
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] };

export interface ConfigurationPlace {
  readonly root: string;
  /** Path of promoter.yml below the root; the folders that it names lie beside it. */
  readonly config: string;
  /**
   * Whether the commands of `render` run, which takes seconds. Left out, the environments that have
   * one have no objects: enough for whoever asks for the configuration alone.
   */
  readonly commands?: "run" | "left out";
}

/**
 * Reads promoter.yml and every object file it names, and reports all faults at once. Never throws
 * for what a user wrote.
 */
export async function loadConfiguration({
  root,
  config,
  commands = "run",
}: ConfigurationPlace): Promise<LoadedConfiguration> {
  const source = await readProjectFile(root, config);
  if ("unread" in source) return { kind: "faulty", faults: [unreadFault(source)] };
  const beside = dirname(config);
  return checkConfiguration(
    source,
    async (folder) =>
      readProjectFolder({ root, folder: join(beside, folder), except: normalize(config) }),
    commands === "run"
      ? async (command) => runCommand(command, { folder: join(root, beside) })
      : undefined,
  );
}

function unreadFault({ file, unread: { message, remedy } }: UnreadFile): Fault {
  return faultPlaces({ file, text: "" })(0, {
    message,
    remedy: `${remedy}; --config names another one`,
  });
}

/**
 * The same over a text at hand. Schema, checks across entries and object files all run, whatever
 * the others find. Without `run` no command of it is run.
 */
export async function checkConfiguration(
  source: SourceFile,
  readFiles: FolderReader,
  run?: CommandRunner,
): Promise<LoadedConfiguration> {
  const yaml = readYaml(source);
  if (yaml.value === undefined) {
    return { kind: "faulty", faults: inReadingOrder(yaml.faults, source.file) };
  }
  const written = configurationSchema.safeParse(yaml.value);
  const draft = readDraft(yaml.value);
  const sources = await readSources(draft, { readFiles, run });
  const specs = draft.environments.map((environment) => ({
    environment,
    ...environmentObjects(environment, { yaml, draft, sources }),
  }));
  const findings = [
    ...schemaFindings(written.error?.issues ?? [], {
      value: yaml.value,
      schema: configurationJsonSchema(),
      unavailable: unavailableKeys,
    }),
    ...crossChecks(draft),
    ...objectsAreApart(
      specs.map(({ environment, objects }) => ({ environment, objects })),
      draft,
    ),
  ];
  const faults = [
    ...yaml.faults,
    ...findings.map(yaml.locate),
    ...specs.flatMap((spec) => spec.faults),
  ];
  if (!written.success || faults.length > 0) {
    return { kind: "faulty", faults: inReadingOrder(faults, source.file) };
  }
  const configuration = normalise(written.data);
  const podSpecs = Object.fromEntries(specs.map(({ key, objects }) => [key, objects]));
  return { kind: "ok", configuration, podSpecs, notes: projectNotes(configuration, podSpecs) };
}

/** Keys of the design that this version does not have, or has elsewhere. */
const unavailableKeys: Readonly<Record<string, string>> = {
  registry:
    "copying to another repository, account or Region is not supported yet: promotions tag inside the one registry",
  windows: "deployment windows are not supported yet",
  freeze: "freezes are not supported yet",
  soak: "soak times are not supported yet; `rules.age` waits after the push",
  prereleases: "write it under versions: versions: { prereleases: refuse }",
  only: 'write it under versions: versions: { only: ">=1.0.0 <2.0.0" }',
  ignore: 'write it under versions: versions: { ignore: [latest, "*-debug"] }',
};
