import type { Registry } from "../../domain/configuration.ts";
import { imageName } from "../../domain/image/reference.ts";
import { textAt } from "../../domain/pod-spec/json.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Fault, Finding } from "../fault.ts";
import type { YamlText } from "../yaml-text.ts";
import { imageUses, type ImageUse } from "./image-uses.ts";
import { isNamespaced, objectFindings, type ObjectRules } from "./object-findings.ts";

/** What promoter.yml says about the objects of one environment. */
export interface PodSpecRules extends ObjectRules {
  readonly application: string;
  readonly registry: Registry | undefined;
  readonly repositories: readonly string[];
}

export interface ReadPodSpec {
  /** With namespaces filled in. Complete only without faults. */
  readonly objects: readonly KubernetesObject[];
  readonly faults: readonly Fault[];
  /** Members that no object runs; not told while a file is too broken to be looked at. */
  readonly unused: readonly string[];
}

/** The objects of an environment from the documents of its files, in their order. */
export function readPodSpec(documents: readonly YamlText[], rules: PodSpecRules): ReadPodSpec {
  const seen = new Map<string, Fault>();
  const read = documents.map((document) => readObject({ document, seen }, rules));
  return {
    objects: read.flatMap(({ object }) => object ?? []),
    faults: read.flatMap(({ faults }) => faults),
    unused: documents.every(({ value }) => value !== undefined) ? unusedMembers(read, rules) : [],
  };
}

interface Reading {
  readonly document: YamlText;
  /** Where each object was first seen. */
  readonly seen: Map<string, Fault>;
}

interface ReadObject {
  readonly object: KubernetesObject | undefined;
  readonly faults: readonly Fault[];
  readonly images: readonly string[];
}

function readObject({ document, seen }: Reading, rules: PodSpecRules): ReadObject {
  const { value, faults: syntax, locate } = document;
  const uses = imageUses(value);
  const images = uses.flatMap(({ name, isPinned }) => (isPinned ? [name] : []));
  if (value === undefined) return { object: undefined, faults: syntax, images };
  const findings = [...objectFindings(value, rules), ...foreignImages(uses, rules)];
  const faults = [...syntax, ...findings.map(locate), ...duplicate({ document, seen })];
  return { object: faults.length === 0 ? placed(value as KubernetesObject, rules) : undefined, faults, images };
}

function unusedMembers(read: readonly ReadObject[], { registry, repositories }: PodSpecRules): readonly string[] {
  const used = new Set(read.flatMap(({ images }) => images));
  return registry ? repositories.filter((repository) => !used.has(imageName(registry, repository))) : [];
}

/** An image of our registry that no promotion pins would run unverified, whatever its tag says. */
function foreignImages(uses: readonly ImageUse[], { application, registry, repositories }: PodSpecRules): readonly Finding[] {
  if (!registry) return [];
  const host = imageName(registry, "");
  const members = repositories.map((repository) => imageName(registry, repository));
  return uses.filter(({ name, isPinned }) => name.startsWith(host) && !(isPinned && members.includes(name))).map(({ path, name, isPinned }) => ({
    path,
    message: isPinned ? `${name.slice(host.length)} is no image of application ${application}: nobody would promote it` : `${name.slice(host.length)} is a volume here: images of volumes are not pinned, so nobody would promote it`,
    remedy: isPinned ? `use one of ${repositories.join(", ")}, or add it to images` : "run it as a container or an init container",
  }));
}

function duplicate({ document: { value, locate }, seen }: Reading): readonly Fault[] {
  const [kind, name] = [textAt(value, "kind"), textAt(value, "metadata", "name")];
  if (kind === undefined || name === undefined) return [];
  const here = { path: ["metadata", "name"], message: `there is a second ${kind} ${name}`, remedy: "remove one of the two" };
  const first = seen.get(`${kind} ${name}`);
  seen.set(`${kind} ${name}`, first ?? locate(here));
  return first ? [locate({ ...here, remedy: `the first is at ${first.file}:${first.line}: remove one of the two` })] : [];
}

function placed(object: KubernetesObject, { namespace }: ObjectRules): KubernetesObject {
  if (!isNamespaced(object.kind) || namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
