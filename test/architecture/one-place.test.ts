import { expect, it } from "vitest";
import { builtInKinds } from "../../src/domain/pod-spec/built-in-kinds.ts";
import { sourceFiles } from "./source-tree.ts";

const table = "src/domain/pod-spec/built-in-kinds.ts";

it("what is true of a kind stands in the table of kinds: nothing else compares names of kinds", () => {
  const files = sourceFiles("src", "functions", "cli", "scripts");
  const names = builtInKinds.map(({ name }) => name);
  const quoted = new RegExp(`"(?:${names.join("|")})"`);
  const strays = files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .filter((line) => path !== table && quoted.test(line) && !exempt.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(strays).toEqual([]);
});

/** Comments; and what is read is pods, and nothing is decided by their kind. */
const exempt = /^ *\/?\*|apiVersion: "v1", kind: "Pod" \}|cluster\.objects\("Pod", /;

it("what may not be JSON is read by parseJson", () => {
  const reader = "src/domain/parse-json.ts";
  const files = sourceFiles("src", "functions", "cli", "scripts");
  const attempt = /try \{\s*(?:return|const \w+(?:: \w+)? =) JSON\.parse\(/;
  expect(files.filter(({ text }) => attempt.test(text)).map(({ path }) => path)).toEqual([reader]);
});

it("what an error of AWS means stands in one file", () => {
  const files = sourceFiles("src", "functions", "cli", "scripts");
  const readers = files.filter(({ text }) => /httpStatusCode|"ECONNRESET"/.test(text));
  expect(readers.map(({ path }) => path)).toEqual(["src/adapters/aws-error.ts"]);
});

it("a type's name means one thing in what is shipped", () => {
  const declared = sourceFiles("src", "functions", "cli", "scripts").flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:export )?(?:interface|type) (\w+)/gm)].map(([, name]) => ({
      name,
      path,
    })),
  );
  expect(declared.length).toBeGreaterThan(300);
  const places = Map.groupBy(declared, ({ name }) => name);
  const ambiguous = [...places].filter(([, { length }]) => length > 1);
  expect(ambiguous.map(([name, all]) => [name, ...all.map(({ path }) => path)])).toEqual([]);
});
