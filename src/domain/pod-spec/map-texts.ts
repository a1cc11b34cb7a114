import { isList, isRecord } from "../json.ts";
import { isImageField, type FieldPath } from "./containers.ts";
import { kindOf } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";

export interface TextPlace {
  readonly path: FieldPath;
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
    isSecret: kindOf(object).holds === "secrets",
    isCustom: kindOf(object).scope === "unknown",
    ...visitor,
  }) as KubernetesObject;
  return { ...mapped, apiVersion, kind };
}

interface Walk extends TextVisitor {
  readonly path: FieldPath;
  readonly isSecret: boolean;
  readonly isCustom: boolean;
}

function mapValue(value: unknown, walk: Walk): unknown {
  const inner = (step: string | number): Walk => ({ ...walk, path: [...walk.path, step] });
  if ((typeof value === "number" || typeof value === "boolean") && isImageField(walk.path)) {
    walk.onOddImage({ path: walk.path, kind: "image" });
  }
  if (typeof value === "string") {
    return walk.change(value, { path: walk.path, kind: kindAt(value, walk) });
  }
  if (isList(value)) return value.map((item, index) => mapValue(item, inner(index)));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      walk.change(key, { path: inner(key).path, kind: "key" });
      return [key, mapValue(member, inner(key))];
    }),
  );
}

/** No image has these characters, but patterns of policies do, which stand where images stand. */
const pattern = /[*?|!]/;

function kindAt(text: string, { path, isSecret, isCustom }: Walk): TextPlace["kind"] {
  if (isImageField(path)) return isCustom && pattern.test(text) ? "text" : "image";
  const [top] = path;
  return path.length === 2 && (top === "binaryData" || (isSecret && top === "data"))
    ? "base64"
    : "text";
}
