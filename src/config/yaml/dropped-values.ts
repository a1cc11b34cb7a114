import { isScalar, visit, type Document } from "yaml";
import type { NodeFault } from "./document-reading.ts";

/** Lists below `? a` without a colon before them: the library reads them and drops them. */
export function droppedValues(document: Document.Parsed): readonly NodeFault[] {
  const faults: NodeFault[] = [];
  visit(document, {
    Pair(_, { key, srcToken }) {
      if (!srcToken?.value || srcToken.sep?.some(({ type }) => type === "map-value-ind")) return;
      const offset = isScalar(key) ? (key.range?.[0] ?? 0) : srcToken.value.offset;
      faults.push({
        offset,
        message: "what follows this key does not belong to it",
        remedy: "write the key and a colon on one line",
      });
    },
  });
  return faults;
}
