import { visit, type Alias, type Document, type ParsedNode } from "yaml";
import { holdsSecret } from "../holds-secret.ts";
import { quotedValue } from "../quote-remedy.ts";
import type { Node } from "./document-reading.ts";
import type { FaultText } from "./scalar-readers.ts";

/** An anchor applies from its position to the next one of that name. */
export function bindAliases(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const bound = new Map<Alias, Node>();
  visit(document, {
    Alias: (_, alias) => void bound.set(alias, anchors.get(alias.source)),
    Value: (_, node) =>
      void (node.anchor === undefined || anchors.set(node.anchor, node as ParsedNode)),
  });
  return bound;
}

export function lostAlias(alias: Alias.Parsed, text: string): FaultText {
  const remedy = `define it above this line, or ${quotedValue(text, alias.range[0]) ?? "write the value out"}`;
  return { message: `there is no anchor &${aliasName(alias, text)}`, remedy };
}

/** What a message calls it. */
export function aliasName({ source }: Alias, text: string): string {
  return holdsSecret(text) ? "…" : source;
}
