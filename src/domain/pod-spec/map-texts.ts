import { isList, isRecord } from "./json.ts";
import type { KubernetesObject } from "./object.ts";

export type TextPath = readonly (string | number)[];

export interface TextPlace {
  readonly path: TextPath;
  /**
   * `image`: pods run it. `base64`: bytes that a node or a program decodes. `key`: a name in a map,
   * which stays as it is.
   */
  readonly kind: "image" | "text" | "base64" | "key";
}

/** What becomes of a text; of a key the answer is not used. */
export type ChangeText = (text: string, place: TextPlace) => string;

export interface TextVisitor {
  readonly change: ChangeText;
  /** For an image that YAML made a number or a boolean. */
  readonly onOddImage: (place: TextPlace) => void;
}

/** The object with every text in it changed, at any depth. The object that was given stays as it is. */
export function mapTexts(object: KubernetesObject, visitor: TextVisitor): KubernetesObject {
  const { apiVersion, kind } = object;
  const mapped = mapValue(object, {
    path: [],
    isSecret: kind === "Secret",
    ...visitor,
  }) as KubernetesObject;
  return { ...mapped, apiVersion, kind };
}

interface Walk extends TextVisitor {
  readonly path: TextPath;
  readonly isSecret: boolean;
}

function mapValue(value: unknown, walk: Walk): unknown {
  const inner = (step: string | number): Walk => ({ ...walk, path: [...walk.path, step] });
  if ((typeof value === "number" || typeof value === "boolean") && isImageField(walk.path)) {
    walk.onOddImage({ path: walk.path, kind: "image" });
  }
  if (typeof value === "string") return walk.change(value, { path: walk.path, kind: kindOf(walk) });
  if (isList(value)) return value.map((item, index) => mapValue(item, inner(index)));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      walk.change(key, { path: inner(key).path, kind: "key" });
      return [key, mapValue(member, inner(key))];
    }),
  );
}

function kindOf({ path, isSecret }: Walk): TextPlace["kind"] {
  if (isImageField(path)) return "image";
  const [top] = path;
  return path.length === 2 && (top === "binaryData" || (isSecret && top === "data"))
    ? "base64"
    : "text";
}

/**
 * Where kubelet takes images from: the lists of containers of a pod, and image volumes. At any
 * depth, as in a CronJob.
 */
const containerLists: ReadonlySet<unknown> = new Set([
  "containers",
  "initContainers",
  "ephemeralContainers",
]);

function isImageField(path: TextPath): boolean {
  const [field, index, list] = path.slice(-3).toReversed();
  if (field === "image") return typeof index === "number" && containerLists.has(list);
  return (
    field === "reference" &&
    index === "image" &&
    typeof list === "number" &&
    path.at(-4) === "volumes"
  );
}
