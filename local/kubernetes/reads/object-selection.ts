import { type JsonObject, objectAt } from "../../json-value.ts";
import {
  fieldSelectorMatches,
  parseLabelSelector,
  selectorMatches,
} from "../objects/label-selector.ts";
import { nameOf, namespaceOf } from "../objects/object-value.ts";
import type { ObjectRoute } from "../requests/request-route.ts";

/**
 * Which objects a list or a watch is about: those at its address, as far as its selectors select
 * them.
 */
export function objectSelection(
  { namespace, name }: ObjectRoute,
  query: URLSearchParams,
): (object: JsonObject) => boolean {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = query.get("fieldSelector") ?? "";
  return (object) =>
    (namespace === "" || namespace === namespaceOf(object)) &&
    (name === "" || name === nameOf(object)) &&
    selectorMatches(labels, objectAt(object, "metadata", "labels")) &&
    fieldSelectorMatches(fields, object);
}
