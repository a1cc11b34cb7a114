import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import { ApiRefusal, badRequest } from "../objects/api-refusal.ts";
import { sameJson } from "../objects/object-value.ts";

/** JSON merge patch, RFC 7396: null removes, objects merge, everything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** JSON patch, RFC 6902. An operation that cannot be done refuses the whole patch. */
export function jsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!isList(patch)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  const done = patch.reduce<Json>(
    (document, operation) => applyOperation(document, operation),
    target,
  );
  if (!isObject(done)) throw unprocessable();
  return done;
}

function applyOperation(document: Json, operation: Json): Json {
  const path = pointer(stringAt(operation, "path") ?? "");
  const value = valueAt(operation, "value") ?? null;
  const from = pointer(stringAt(operation, "from") ?? "");
  switch (stringAt(operation, "op") ?? "") {
    case "add":
      return edit(document, path, { kind: "add", value });
    case "replace":
      return edit(document, path, { kind: "replace", value });
    case "remove":
      return edit(document, path, { kind: "remove" });
    case "copy":
      return edit(document, path, { kind: "add", value: read(document, from) });
    case "move":
      return edit(edit(document, from, { kind: "remove" }), path, {
        kind: "add",
        value: read(document, from),
      });
    case "test":
      if (!sameJson(read(document, path), value)) throw unprocessable();
      return document;
    default:
      throw badRequest(`unexpected kind: ${stringAt(operation, "op") ?? "unknown"}`);
  }
}

type Edit =
  | { readonly kind: "add" | "replace"; readonly value: Json }
  | { readonly kind: "remove" };

/** RFC 6901: `~1` is a slash, `~0` a tilde. */
function pointer(text: string): readonly string[] {
  return text
    .split("/")
    .slice(1)
    .map((it) => it.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(document: Json, path: readonly string[]): Json {
  const found = path.reduce<Json | undefined>(
    (at, key) => (isList(at) ? at[Number(key)] : valueAt(at, key)),
    document,
  );
  if (found === undefined) throw unprocessable();
  return found;
}

function edit(document: Json, path: readonly string[], change: Edit): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change.kind === "remove" ? {} : change.value;
  if (isList(document)) return editList(document, [key, ...rest], change);
  if (!isObject(document)) throw unprocessable();
  const current = document[key];
  if (rest.length > 0) {
    if (current === undefined) throw unprocessable();
    return { ...document, [key]: edit(current, rest, change) };
  }
  if (change.kind !== "add" && current === undefined) throw unprocessable();
  if (change.kind !== "remove") return { ...document, [key]: change.value };
  const { [key]: _removed, ...others } = document;
  return others;
}

function editList(
  list: readonly Json[],
  [key = "", ...rest]: readonly string[],
  change: Edit,
): Json {
  const index = key === "-" ? list.length : Number(key);
  const current = list[index];
  if (rest.length > 0 || change.kind !== "add") {
    if (current === undefined) throw unprocessable();
    if (rest.length > 0) return list.with(index, edit(current, rest, change));
    return change.kind === "remove"
      ? list.toSpliced(index, 1)
      : list.with(index, change.value ?? null);
  }
  if (!Number.isInteger(index) || index > list.length) throw unprocessable();
  return list.toSpliced(index, 0, change.value);
}

/** The server does not say what was wrong. */
function unprocessable(): ApiRefusal {
  return new ApiRefusal(422, "Invalid", {
    message: "the server rejected our request due to an error in our request",
    details: {},
  });
}
