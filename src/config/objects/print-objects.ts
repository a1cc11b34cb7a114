import { stringify } from "yaml";
import type { JsonRecord } from "../../domain/json.ts";
import { printable } from "../../domain/printable.ts";

/**
 * Objects as YAML that every reader takes the same way: what YAML 1.1 or 1.2 would read as another
 * type is in quotes. An object with characters that could deceive a terminal, or with a key that
 * YAML 1.1 merges, is JSON, which is YAML. Blanks and empty lines at the end may belong to the last
 * text; the last line end is one more.
 */
export function printObjects(objects: readonly JsonRecord[]): string {
  return objects
    .map((object) => {
      const text = stringify(object, {
        version: "1.1",
        lineWidth: 0,
        aliasDuplicateObjects: false,
      });
      return printable(text) === text && !/^[ -]*<<:/m.test(text)
        ? text
        : `${escapeDeceiving(JSON.stringify(object))}\n`;
    })
    .join("---\n");
}

/** For JSON alone, where every character may be an escape. */
export function escapeDeceiving(json: string): string {
  return Array.from(json, (character) =>
    printable(character) === character
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ).join("");
}
