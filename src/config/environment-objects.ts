import { dirname } from "node:path";
import { imageName } from "../domain/image/reference.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import type { Draft, DraftEnvironment } from "./draft.ts";
import type { Fault } from "./fault.ts";
import { misplacedImages, type MemberImages } from "./objects/misplaced-images.ts";
import { readObjectFile } from "./objects/read-object-file.ts";
import { readPodSpec } from "./objects/read-pod-spec.ts";
import type { ProjectFolder, UnreadFile } from "./project-files.ts";
import type { YamlText } from "./yaml-text.ts";

export type FolderReader = (folder: string) => Promise<ProjectFolder>;

/** By folder, undefined where there is none. Environments that share a folder share its documents. */
export type Folders = ReadonlyMap<string, readonly YamlText[] | UnreadFile | undefined>;

export async function readFolders(
  { environments }: Draft,
  readFiles: FolderReader,
): Promise<Folders> {
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

/** `application/environment`, its objects, and all that is wrong with their files. */
export interface EnvironmentObjects {
  readonly key: string;
  readonly objects: readonly KubernetesObject[];
  readonly faults: readonly Fault[];
}

export function environmentObjects(
  environment: DraftEnvironment,
  {
    yaml,
    draft,
    folders,
  }: { readonly yaml: YamlText; readonly draft: Draft; readonly folders: Folders },
): EnvironmentObjects {
  const { application, name, files, path } = environment;
  const key = `${application}/${name}`;
  const faulty = (message: string, remedy: string): EnvironmentObjects => ({
    key,
    objects: [],
    faults: [yaml.locate({ path: [...path, "podSpec", "files"], message, remedy })],
  });
  if (files === undefined) return { key, objects: [], faults: [] };
  const documents = folders.get(files);
  if (documents === undefined) return faulty(`there is no folder ${files}`, folderRemedy(files));
  if ("unread" in documents) return faulty(documents.unread.message, documents.unread.remedy);
  const repositories = repositoriesOf(application, draft);
  const { objects, faults, unused } = readPodSpec(documents, {
    ...environment,
    registry: draft.registry,
    repositories,
  });
  if (objects.length === 0 && faults.length === 0) {
    return faulty(
      `${files} contains no objects`,
      "put the Kubernetes objects there as .yaml files",
    );
  }
  const memberFaults = repositories.flatMap((repository) => {
    const isUnused = unused.includes(repository);
    const misplaced = misplacedFaults({ repository, isUnused }, documents, draft);
    const { message, remedy } = unusedImage(repository, files, draft);
    return misplaced.length > 0 || !isUnused ? misplaced : faulty(message, remedy).faults;
  });
  return { key, objects, faults: [...faults, ...memberFaults] };
}

function repositoriesOf(application: string, { applications }: Draft): readonly string[] {
  const members = applications.find(({ name }) => name === application)?.members ?? [];
  return members.map(({ repository }) => repository);
}

function misplacedFaults(
  member: Omit<MemberImages, "registry">,
  documents: readonly YamlText[],
  { registry }: Draft,
): readonly Fault[] {
  if (!registry) return [];
  return documents.flatMap(({ value, locate }) =>
    misplacedImages(value, { ...member, registry }).map(locate),
  );
}

function unusedImage(
  repository: string,
  files: string,
  { registry }: Draft,
): Pick<Fault, "message" | "remedy"> {
  const whole = registry ? imageName(registry, repository) : `${repository} with its registry`;
  return {
    message: `no object in ${files} runs ${repository}`,
    remedy: `write ${whole} as image of a container, or remove it from images`,
  };
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
