import { dirname, join, normalize } from "node:path";
import type { Configuration } from "../domain/configuration.ts";
import { imageName } from "../domain/image/reference.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import { configurationSchema } from "./configuration-schema.ts";
import { crossChecks } from "./cross-checks.ts";
import { readDraft, type Draft, type DraftEnvironment } from "./draft.ts";
import { faultPlaces } from "./fault-places.ts";
import { inReadingOrder, type Fault } from "./fault.ts";
import { configurationJsonSchema } from "./json-schema.ts";
import { normalise } from "./normalise.ts";
import { imagesElsewhere } from "./objects/images-elsewhere.ts";
import { readObjectFile } from "./objects/read-object-file.ts";
import { readPodSpec } from "./objects/read-pod-spec.ts";
import {
  readProjectFile,
  readProjectFolder,
  type ProjectFolder,
  type UnreadFile,
} from "./project-files.ts";
import { schemaFindings } from "./schema-findings.ts";
import { readYaml, type SourceFile, type YamlText } from "./yaml-text.ts";

/** promoter.yml and its pod specs, without a fault. All of it plain JSON. */
export interface Project {
  readonly configuration: Configuration;
  /** The objects of `application/environment`, namespaces filled in, images not pinned. */
  readonly podSpecs: Readonly<Record<string, readonly KubernetesObject[]>>;
}

export type LoadedConfiguration =
  | ({ readonly kind: "ok" } & Project)
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] };

export interface ConfigurationPlace {
  readonly root: string;
  /** Path of promoter.yml below the root; the folders that it names lie beside it. */
  readonly config: string;
}

/**
 * Reads promoter.yml and every object file it names, and gives all faults at once. Never throws for
 * what a user wrote.
 */
export async function loadConfiguration({
  root,
  config,
}: ConfigurationPlace): Promise<LoadedConfiguration> {
  const source = await readProjectFile(root, config);
  if ("unread" in source) return { kind: "faulty", faults: [unreadable(source)] };
  return checkConfiguration(source, async (folder) =>
    readProjectFolder({ root, folder: join(dirname(config), folder), except: normalize(config) }),
  );
}

function unreadable({ file, unread: { message, remedy } }: UnreadFile): Fault {
  return faultPlaces({ file, text: "" })(0, {
    message,
    remedy: `${remedy}; --config names another one`,
  });
}

export type FolderReader = (folder: string) => Promise<ProjectFolder>;

/**
 * The same over a text at hand. Schema, checks across entries and object files are all gone
 * through, whatever the others find.
 */
export async function checkConfiguration(
  source: SourceFile,
  readFiles: FolderReader,
): Promise<LoadedConfiguration> {
  const yaml = readYaml(source);
  if (yaml.value === undefined) {
    return { kind: "faulty", faults: inReadingOrder(yaml.faults, source.file) };
  }
  const written = configurationSchema.safeParse(yaml.value);
  const draft = readDraft(yaml.value);
  const folders = await readFolders(draft, readFiles);
  const specs = draft.environments.map((environment) =>
    loadPodSpec({ yaml, draft, environment, folders }),
  );
  const findings = [
    ...schemaFindings(written.error?.issues ?? [], {
      value: yaml.value,
      schema: configurationJsonSchema(),
      unavailable: notYet,
    }),
    ...crossChecks(draft),
  ];
  const faults = [
    ...yaml.faults,
    ...findings.map(yaml.locate),
    ...specs.flatMap((spec) => spec.faults),
  ];
  if (!written.success || faults.length > 0) {
    return { kind: "faulty", faults: inReadingOrder(faults, source.file) };
  }
  return {
    kind: "ok",
    configuration: normalise(written.data),
    podSpecs: Object.fromEntries(specs.map(({ key, objects }) => [key, objects])),
  };
}

/** Keys that the design has and this version has not, or has elsewhere. */
const notYet: Readonly<Record<string, string>> = {
  registry:
    "copying to another repository, account or Region is not built yet: promotions tag inside the one registry",
  windows: "deploy windows are not built yet",
  freeze: "freezes are not built yet",
  soak: "soak times are not built yet; `rules.age` waits after the push",
  prereleases: "write it under versions: versions: { prereleases: refuse }",
  only: 'write it under versions: versions: { only: ">=1.0.0 <2.0.0" }',
  ignore: 'write it under versions: versions: { ignore: [latest, "*-debug"] }',
};

/** By folder, undefined where there is none. Environments that share a folder share its documents. */
type Folders = ReadonlyMap<string, readonly YamlText[] | UnreadFile | undefined>;

async function readFolders({ environments }: Draft, readFiles: FolderReader): Promise<Folders> {
  const folders = new Set(environments.flatMap(({ files }) => files ?? []));
  return new Map(
    await Promise.all(
      [...folders].map(async (folder) => [folder, documentsOf(await readFiles(folder))] as const),
    ),
  );
}

function documentsOf(found: ProjectFolder): readonly YamlText[] | UnreadFile | undefined {
  return found === undefined || "unread" in found ? found : found.flatMap(readObjectFile);
}

interface Loading {
  readonly folders: Folders;
  readonly yaml: YamlText;
  readonly draft: Draft;
  readonly environment: DraftEnvironment;
}

interface LoadedPodSpec {
  readonly key: string;
  readonly objects: readonly KubernetesObject[];
  readonly faults: readonly Fault[];
}

function loadPodSpec({ yaml, draft, environment, folders }: Loading): LoadedPodSpec {
  const { application, name, files, path } = environment;
  const key = `${application}/${name}`;
  const fault = (message: string, remedy: string): Fault =>
    yaml.locate({ path: [...path, "podSpec", "files"], message, remedy });
  if (files === undefined) return { key, objects: [], faults: [] };
  const documents = folders.get(files);
  if (documents === undefined) {
    return {
      key,
      objects: [],
      faults: [fault(`there is no folder ${files}`, folderRemedy(files))],
    };
  }
  if ("unread" in documents) {
    return { key, objects: [], faults: [fault(documents.unread.message, documents.unread.remedy)] };
  }
  const repositories =
    draft.applications
      .find((one) => one.name === application)
      ?.members.map(({ repository }) => repository) ?? [];
  const { objects, faults, unused } = readPodSpec(documents, {
    ...environment,
    registry: draft.registry,
    repositories,
  });
  if (objects.length === 0 && faults.length === 0) {
    return {
      key,
      objects,
      faults: [
        fault(`${files} holds no objects`, "put the Kubernetes objects there as .yaml files"),
      ],
    };
  }
  const idle = unused.flatMap((repository) => {
    const { registry } = draft;
    const elsewhere = registry
      ? documents.flatMap(({ value, locate }) =>
          imagesElsewhere(value, { registry, repository }).map(locate),
        )
      : [];
    const whole = registry ? imageName(registry, repository) : `${repository} with its registry`;
    return elsewhere.length > 0
      ? elsewhere
      : [
          fault(
            `no object in ${files} runs ${repository}`,
            `write ${whole} as image of a container, or remove it from images`,
          ),
        ];
  });
  return { key, objects, faults: [...faults, ...idle] };
}

/** A file and a pattern of files are what other tools take there. */
function folderRemedy(files: string): string {
  if (!/[*?]|\.(?:ya?ml|json)$/.test(files)) {
    return "create it beside promoter.yml, or correct the path";
  }
  const folder = dirname(files);
  return folder === "."
    ? "put the files into a folder of their own, and name that"
    : `write ${folder}: files names a folder, of which every .yaml, .yml and .json is read`;
}
