import { isRecord, listAt, type JsonRecord } from "../json.ts";
import { containerLists, type FieldPath } from "./containers.ts";
import { describePath } from "./field-path.ts";
import { kindOf } from "./kinds.ts";
import type { ObjectProblem } from "./object-problem.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * By which fields the API server tells the elements of a list apart (`x-kubernetes-list-map-keys`
 * of its OpenAPI document).
 */
type ListKeys = Readonly<Record<string, readonly string[]>>;

/** Which it refuses twice besides (validateContainerPorts, validateService). */
const namedOnce: ListKeys = { ports: ["name"] };

const ofPod: ListKeys = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  imagePullSecrets: ["name"],
  hostAliases: ["ip"],
  schedulingGates: ["name"],
  resourceClaims: ["name"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
};
const ofContainer: ListKeys = {
  env: ["name"],
  ports: ["containerPort", "protocol"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
};
const ofService: ListKeys = { ports: ["port", "protocol"] };

/**
 * Two elements of one key: server-side apply answers them with an error of the server itself, and
 * kubectl lets one of them win.
 */
export function repeatedKeys(object: KubernetesObject): readonly ObjectProblem[] {
  if (kindOf(object).holds === "ports") {
    return repeatedIn(object["spec"], { path: ["spec"], lists: [ofService, namedOnce] });
  }
  return podSpecs(object, []).flatMap(({ value, path }) => [
    ...repeatedIn(value, { path, lists: [ofPod] }),
    ...containerLists.flatMap((list) =>
      listAt(value, list).flatMap((container, index) =>
        repeatedIn(container, { path: [...path, list, index], lists: [ofContainer, namedOnce] }),
      ),
    ),
  ]);
}

/** Whatever has a list of containers, at any depth: a Pod, the template of a Deployment, a CronJob. */
function podSpecs(
  value: unknown,
  path: FieldPath,
): readonly { readonly value: JsonRecord; readonly path: FieldPath }[] {
  if (!isRecord(value)) return [];
  const own = Array.isArray(value["containers"]) ? [{ value, path }] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, member]) => podSpecs(member, [...path, key])),
  ];
}

function repeatedIn(
  value: unknown,
  { path, lists }: { readonly path: FieldPath; readonly lists: readonly ListKeys[] },
): readonly ObjectProblem[] {
  return lists
    .flatMap((keys) => Object.entries(keys))
    .flatMap(([name, keys]) => {
      const list = listAt(value, name);
      const seen = list.map((element) => keyOf(element, keys));
      return seen.flatMap((key, index) =>
        key === undefined || seen.indexOf(key) === index
          ? []
          : [
              {
                path: [...path, name, index, keys[0] ?? ""],
                message: `${describePath([...path, name])} has two ${key}`,
                remedy:
                  keys === namedOnce[name]
                    ? "give each a name of its own"
                    : "keep one of the two: the API server tells them apart by nothing else",
              },
            ],
      );
    });
}

function keyOf(element: unknown, keys: readonly string[]): string | undefined {
  if (!isRecord(element)) return undefined;
  const [first = ""] = keys;
  if (element[first] === undefined) return undefined;
  return first === "name"
    ? `named ${JSON.stringify(element[first])}`
    : `with ${keys.map((key) => keyPart(element, key)).join(", ")}`;
}

/** An element without protocol is the TCP one. */
function keyPart(element: JsonRecord, key: string): string {
  const value = element[key] ?? (key === "protocol" ? "TCP" : "");
  return `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`;
}
