import {
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import { isTerminating, nameOf, namespaceOf, sameJson } from "../objects/object-value.ts";
import { standingStatus } from "./standing-status.ts";
import type { Verdict } from "./workload-status.ts";

/** One request to an API server, local or real, by somebody who may do everything. */
export type AskServer = (
  method: "GET" | "PATCH",
  path: string,
  body?: JsonObject,
) => Promise<{ readonly code: number; readonly body: Json | undefined }>;

export interface StandInOptions {
  readonly ask: AskServer;
  readonly now: () => number;
  readonly verdictOf: (kind: string, object: JsonObject) => Verdict;
  /** How many nodes a DaemonSet runs on. */
  readonly nodes: number;
}

/** Plays the controllers that a cluster without nodes lacks. */
export interface StandIn {
  /** Looks at every object of its kinds once and writes the statuses that are not as they would be. */
  look(): Promise<void>;
}

interface Kind {
  readonly kind: string;
  readonly root: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly isCustom?: boolean;
}

const builtIn: readonly Kind[] = [
  { kind: "StatefulSet", root: "/apis/apps/v1", plural: "statefulsets", isNamespaced: true },
  { kind: "DaemonSet", root: "/apis/apps/v1", plural: "daemonsets", isNamespaced: true },
  { kind: "Job", root: "/apis/batch/v1", plural: "jobs", isNamespaced: true },
  {
    kind: "PersistentVolumeClaim",
    root: "/api/v1",
    plural: "persistentvolumeclaims",
    isNamespaced: true,
  },
];

/**
 * StatefulSets, DaemonSets and Jobs run no pods, claims are bound, and a custom resource with a
 * status of its own says that it is ready. A status that the server refuses stays as it was: then
 * the definition has another idea of conditions.
 */
export function createStandIn({ ask, now, verdictOf, nodes }: StandInOptions): StandIn {
  const items = async (path: string): Promise<readonly Json[]> =>
    listAt((await ask("GET", path)).body ?? null, "items");
  const stand = async (kind: Kind, object: JsonObject): Promise<void> => {
    if (isTerminating(object)) return;
    const verdict = verdictOf(kind.kind, object);
    const status = standingStatus(kind.isCustom ? "" : kind.kind, object, {
      verdict,
      nodes,
      now: now(),
    });
    const before = objectAt(object, "status");
    if (!status || sameJson(before, { ...others(before, status), ...status })) return;
    const place = kind.isNamespaced ? `/namespaces/${namespaceOf(object)}` : "";
    const path = `${kind.root}${place}/${kind.plural}/${nameOf(object)}/status?fieldManager=stand-in`;
    await ask("PATCH", path, { status: withoutRest(before, status) });
  };
  return {
    async look() {
      const definitions = await items("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
      for (const kind of [...builtIn, ...definitions.flatMap(customKind)]) {
        for (const object of await items(`${kind.root}/${kind.plural}`)) {
          await stand(kind, objectAt(object));
        }
      }
    },
  };
}

/** The version that is stored, where it has a status with an address of its own. */
function customKind(definition: Json): readonly Kind[] {
  const [group, names] = [
    stringAt(definition, "spec", "group"),
    objectAt(definition, "spec", "names"),
  ];
  const version = listAt(definition, "spec", "versions").find(
    (one) => valueAt(one, "storage") === true && valueAt(one, "served") === true,
  );
  if (valueAt(version, "subresources", "status") === undefined) return [];
  return [
    {
      kind: stringAt(names, "kind") ?? "",
      root: `/apis/${group}/${stringAt(version, "name")}`,
      plural: stringAt(names, "plural") ?? "",
      isNamespaced: stringAt(definition, "spec", "scope") !== "Cluster",
      isCustom: true,
    },
  ];
}

/** Counts that are zero go, whatever else somebody wrote stays. */
const countsOf = /Replicas$|^number|Scheduled$|^(?:active|ready|failed|succeeded)$/;

function others(before: JsonObject, status: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(before).filter(([name]) => !countsOf.test(name) || status[name] !== undefined),
  );
}

/** As a merge patch, in which null takes away. */
function withoutRest(before: JsonObject, status: JsonObject): JsonObject {
  const gone = Object.keys(before).filter((name) => !(name in others(before, status)));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...status };
}
