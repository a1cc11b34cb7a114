import { dirname } from "node:path";
import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { imageName } from "../domain/image/reference.ts";
import { tagOf } from "../domain/image/tag-pattern.ts";
import type { PinnedMember } from "../domain/pod-spec/meant-member.ts";
import { describeSource, type ObjectSource } from "../domain/pod-spec/object-source.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import { judgingBy } from "../domain/pod-spec/schema/judging.ts";
import { distinctMembers } from "./checks/shared-repositories.ts";
import type { Draft, DraftEnvironment } from "./draft.ts";
import type { Fault } from "./fault.ts";
import { misplacedImages, type MemberImages } from "./objects/misplaced-images.ts";
import { readPodSpec } from "./objects/read-pod-spec.ts";
import { sourceKey, type Sources } from "./source-documents.ts";
import type { YamlText } from "./yaml-text.ts";

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
    sources,
  }: { readonly yaml: YamlText; readonly draft: Draft; readonly sources: Sources },
): EnvironmentObjects {
  const { application, name, objects: source, path } = environment;
  const key = `${application}/${name}`;
  const documents = source && sources.get(sourceKey(source));
  if (!source || !documents || documents === "left out") return { key, objects: [], faults: [] };
  const faulty = ({ message, remedy }: Pick<Fault, "message" | "remedy">): EnvironmentObjects => ({
    key,
    objects: [],
    faults: [yaml.locate({ path: [...path, "podSpec", source.kind], message, remedy })],
  });
  if (documents === "missing") return faulty(missingFolder(describeSource(source)));
  if ("unread" in documents) return faulty(documents.unread);
  const members = membersOf(draft, application);
  const { objects, faults, unused } = readPodSpec(documents, {
    ...environment,
    registry: draft.registry,
    members,
    judging: judgingBy(loadKubernetesSchemas(), clusterOf(environment, draft)?.version),
  });
  if (objects.length === 0 && faults.length === 0) {
    return faulty(noObjects(source));
  }
  const own = members.filter(({ owner }) => owner === undefined);
  const memberFaults = own.flatMap((member) => {
    const isUnused = unused.includes(member.name);
    const { repository } = member;
    const misplaced = misplacedFaults({ repository, isUnused }, documents, draft);
    return misplaced.length > 0 || !isUnused
      ? misplaced
      : faulty(unusedImage(member, source, draft)).faults;
  });
  return { key, objects, faults: [...faults, ...memberFaults] };
}

function clusterOf(
  { cluster = "" }: DraftEnvironment,
  { clusters }: Draft,
): { readonly version?: string | undefined } | undefined {
  return clusters.get(cluster);
}

/** A tag that is wrong says nothing about what images mean. */
function membersOf(draft: Draft, application: string): readonly PinnedMember[] {
  return distinctMembers(draft).map(({ application: { name }, member }) => ({
    ...member,
    tag: member.tag ?? { prefix: "", suffix: "" },
    ...(name === application ? {} : { owner: name }),
  }));
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
  { name, repository, tag, word }: PinnedMember,
  source: ObjectSource,
  { registry }: Draft,
): Pick<Fault, "message" | "remedy"> {
  const image = registry ? imageName(registry, repository) : `${repository} with its registry`;
  const whole = word === undefined ? image : `${image}:${tagOf(tag, "latest") ?? ""}`;
  return {
    message: `no object in ${describeSource(source)} runs ${name}`,
    remedy: `write ${whole} as image of a container, or remove it from images`,
  };
}

function noObjects(source: ObjectSource): Pick<Fault, "message" | "remedy"> {
  return source.kind !== "render"
    ? {
        message: `${describeSource(source)} contains no objects`,
        remedy: "put the Kubernetes objects there as .yaml files",
      }
    : {
        message: `the ${describeSource(source)} has no objects`,
        remedy: "run the command by hand: it must print Kubernetes objects as YAML",
      };
}

function missingFolder(folder: string): Pick<Fault, "message" | "remedy"> {
  return { message: `there is no folder ${folder}`, remedy: folderRemedy(folder) };
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
