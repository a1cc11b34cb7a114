import { refusePattern } from "./invalid-pattern.ts";

/**
 * A test for strings with `*` as "any characters, also none"; `\*` and `\\` are the literal characters, no other
 * escape exists, and consecutive `*` are refused (user guide, eb-create-pattern-operators, "Matching using wildcards").
 */
export function wildcard(text: string): (value: string) => boolean {
  const expression = new RegExp(`^${tokens(text).map(expressionOf).join("")}$`, "su");
  return (value) => expression.test(value);
}

type Token = { readonly kind: "any" } | { readonly kind: "literal"; readonly character: string };

/** Positions in the reasons count the opening quote, as those of the real service do. */
function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    const next = characters[at + 1];
    if (character === "*" && next === "*") refusePattern(`Consecutive wildcard characters at pos ${at + 1}`);
    if (character === "\\") {
      if (next !== "*" && next !== "\\") refusePattern(`Invalid escape character at pos ${at + 1}`);
      found.push({ kind: "literal", character: next });
      at++;
    } else found.push(character === "*" ? { kind: "any" } : { kind: "literal", character });
  }
  return found;
}

function expressionOf(token: Token): string {
  return token.kind === "any" ? ".*" : token.character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
}
