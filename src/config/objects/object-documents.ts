import { isList, isRecord, textAt, withoutKeys, type JsonRecord } from "../../domain/json.ts";
import { serverMetadata } from "../../domain/pod-spec/bookkeeping.ts";
import type { YamlText } from "../yaml-text.ts";

/** What kubectl makes of the documents: a list is its items, and empty fields are left out. */
export function objectDocuments(documents: readonly YamlText[]): readonly YamlText[] {
  return documents
    .flatMap(itemsOf)
    .map((document) => ({ ...document, value: omitEmptyFields(document.value) }));
}

/**
 * Whatever has `items` is a list to kubectl. Source: k8s.io/apimachinery,
 * apis/meta/v1/unstructured, `unstructuredJSONScheme`.
 */
function itemsOf(document: YamlText): readonly YamlText[] {
  const { value, faults, locate } = document;
  if (!isRecord(value) || !textAt(value, "kind") || !textAt(value, "apiVersion")) return [document];
  const listed = value["items"] === null ? [] : value["items"];
  if (!isList(listed)) return [document];
  const items = listed.flatMap((item, index) =>
    itemsOf({
      ...document,
      value: addType(item, value),
      faults: [],
      locate: (finding) => locate({ ...finding, path: ["items", index, ...finding.path] }),
    }),
  );
  return faults.length > 0 ? [{ ...document, value: undefined }, ...items] : items;
}

/** The items of a ConfigMapList need not name their kind. */
function addType(item: unknown, list: JsonRecord): unknown {
  const kind = textAt(list, "kind")?.replace(/List$/, "") ?? "";
  if (!isRecord(item) || kind === "" || "kind" in item || "apiVersion" in item) return item;
  return { apiVersion: list["apiVersion"], kind, ...item };
}

/** `kubectl create --dry-run -o yaml` leaves empty what only the API server writes. */
function omitEmptyFields(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const empty = Object.keys(value).filter(
    (key) => value[key] === null || (key === "status" && isEmpty(value[key])),
  );
  return omitEmptyMetadata(withoutKeys(value, empty));
}

/** At any depth: the template of a Deployment has metadata too. */
function omitEmptyMetadata(value: unknown): unknown {
  if (isList(value)) return value.map(omitEmptyMetadata);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const inner = omitEmptyMetadata(member);
      return [
        key,
        key === "metadata" && isRecord(inner)
          ? withoutKeys(
              inner,
              serverMetadata.filter((field) => inner[field] === null),
            )
          : inner,
      ];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  if (isRecord(value)) return Object.values(value).every(isEmpty);
  return value === null || value === "" || (isList(value) && value.length === 0);
}
