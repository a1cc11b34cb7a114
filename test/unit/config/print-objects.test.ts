import fc from "fast-check";
import { expect, it } from "vitest";
import { printObjects } from "../../../src/config/objects/print-objects.ts";
import { readYamlDocuments } from "../../../src/config/yaml-text.ts";
import type { KubernetesObject } from "../../../src/domain/pod-spec/object.ts";
import { printable } from "../../../src/domain/printable.ts";

const text = fc.oneof(
  fc.constantFrom(
    "yes",
    "off",
    "1e3",
    ".5",
    "0x1f",
    "010",
    "12:30",
    "~",
    "",
    "null",
    ".",
    "=",
    "<<",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.constantFrom("a\u202Eb", "\u001B[31m", "a\nb\n\n", " a", "a: b", "- a", "#a", "|2"),
);
const objects = fc.array(
  fc.record({
    apiVersion: fc.constant("v1"),
    kind: fc.constant("ConfigMap"),
    metadata: fc.record({ name: text, labels: fc.dictionary(text, text, { maxKeys: 3 }) }),
    data: fc.dictionary(
      text,
      fc.oneof(text, fc.boolean(), fc.integer(), fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

it("printed objects are read as what they are, and nothing in them deceives a terminal", () => {
  fc.assert(
    fc.property(objects, (some) => {
      const written = JSON.parse(JSON.stringify(some)) as readonly KubernetesObject[];
      const printed = printObjects(written);
      const read = readYamlDocuments({ file: "printed", text: printed });
      expect(printable(printed)).toBe(printed);
      expect(read.flatMap(({ faults }) => faults)).toEqual([]);
      expect(read.map(({ value }) => value)).toEqual(written);
    }),
  );
});
