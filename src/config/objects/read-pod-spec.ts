import type { Registry } from "../../domain/configuration.ts";
import { isRecord, textAt } from "../../domain/json.ts";
import { groupOf, isDefinition, kindOf } from "../../domain/pod-spec/kinds.ts";
import type { PinnedMember } from "../../domain/pod-spec/meant-member.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import { atHome, scopeAmong } from "../../domain/pod-spec/scopes.ts";
import { substituteImages } from "../../domain/pod-spec/substitute-images.ts";
import type { Fault, Finding } from "../fault.ts";
import type { YamlText } from "../yaml-text.ts";
import { asObject } from "./as-object.ts";
import { commentedValues } from "./commented-values.ts";
import { foreignFinding } from "./foreign-files.ts";
import { objectFindings, withoutIgnored, type ObjectRules } from "./object-findings.ts";

/** What promoter.yml says about the objects of one environment. */
export interface PodSpecRules extends ObjectRules {
  readonly application: string;
  readonly registry: Registry | undefined;
  /** With those of other applications in the same repositories. */
  readonly members: readonly PinnedMember[];
  readonly images: "fields" | "everywhere";
}

export interface PodSpecResult {
  /** With namespaces filled in. Complete only without faults. */
  readonly objects: readonly KubernetesObject[];
  readonly faults: readonly Fault[];
  /** Names of members that no object runs; not reported while a file is too broken to be read. */
  readonly unused: readonly string[];
}

/** The objects of an environment from the documents of its files, in their order. */
export function readPodSpec(
  documents: readonly YamlText[],
  { judging, ...others }: PodSpecRules,
): PodSpecResult {
  const found = documents.flatMap(({ value }) => (isRecord(value) ? asObject(value) : []));
  const rules = { ...others, judging: { ...judging, definitions: found.filter(isDefinition) } };
  /** Where each object was first seen. */
  const seen = new Map<string, Fault>();
  const read = documents.map((document) => readObject(document, seen, rules));
  return {
    objects: withNamespaces(
      read.flatMap(({ object }) => object ?? []),
      rules,
    ),
    faults: read.flatMap(({ faults }) => faults),
    unused: documents.every(({ value }) => value !== undefined) ? unusedMembers(read, rules) : [],
  };
}

/** Of one object. */
const maxFindings = 100;

interface ObjectResult {
  readonly object: KubernetesObject | undefined;
  readonly faults: readonly Fault[];
  readonly images: readonly string[];
}

function readObject(
  document: YamlText,
  seen: Map<string, Fault>,
  rules: PodSpecRules,
): ObjectResult {
  const { value, faults: syntax, locate } = document;
  if (value === undefined) return { object: undefined, faults: syntax, images: [] };
  const foreign = foreignFinding(document);
  if (foreign) return { object: undefined, faults: [...syntax, locate(foreign)], images: [] };
  const applied = withoutIgnored(value);
  const { uses: images, problems } = readImages(applied, rules);
  const findings = [...objectFindings(value, rules), ...problems].slice(0, maxFindings);
  const faults = [
    ...syntax,
    ...findings.map(locate),
    ...commentedValues(document),
    ...duplicate(document, seen, rules),
  ];
  return {
    object: faults.length === 0 ? (applied as KubernetesObject) : undefined,
    faults,
    images,
  };
}

function unusedMembers(
  read: readonly ObjectResult[],
  { registry, members }: PodSpecRules,
): readonly string[] {
  const used = new Set(read.flatMap(({ images }) => images));
  const own = members.flatMap(({ name, owner }) => (owner === undefined ? [name] : []));
  return registry ? own.filter((name) => !used.has(name)) : [];
}

/** What a promotion would find: the same reader, which pins nothing as long as no digests are known. */
function readImages(
  value: unknown,
  { registry, application, members, images }: PodSpecRules,
): { readonly uses: readonly string[]; readonly problems: readonly Finding[] } {
  if (!registry || !isRecord(value)) return { uses: [], problems: [] };
  return substituteImages(asObject(value), { registry, application, members, images });
}

/** An object is the same in every version of its group. */
function duplicate(
  { value, locate }: YamlText,
  seen: Map<string, Fault>,
  rules: ObjectRules,
): readonly Fault[] {
  const [kind, name, apiVersion = "", written] = [
    textAt(value, "kind"),
    textAt(value, "metadata", "name"),
    textAt(value, "apiVersion"),
    textAt(value, "metadata", "namespace"),
  ];
  if (kind === undefined || name === undefined) return [];
  const isShared = kindOf({ apiVersion, kind }).scope === "cluster";
  const namespace = isShared ? undefined : (written ?? rules.namespace);
  const key = JSON.stringify([groupOf(apiVersion), kind, namespace, name]);
  const here = {
    path: ["metadata", "name"],
    message: `there is a second ${kind} ${name}`,
    remedy: "remove one of the two",
  };
  const first = seen.get(key);
  seen.set(key, first ?? locate(here));
  return first
    ? [
        locate({
          ...here,
          remedy: `the first is at ${first.file}:${first.line}: remove one of the two`,
        }),
      ]
    : [];
}

/** Of a custom resource only the cluster may know whether it belongs into one. */
function withNamespaces(
  objects: readonly KubernetesObject[],
  { namespace }: ObjectRules,
): readonly KubernetesObject[] {
  if (namespace === undefined) return objects;
  return objects.map((object) => atHome(object, { scope: scopeAmong(object, objects), namespace }));
}
