import { expect, it } from "vitest";
import { sourceFiles } from "./source-tree.ts";

const files = sourceFiles("src", "functions");
const found = (pattern: RegExp): readonly string[] =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([what]) => `${path}: ${what}`),
  );

it("every client of the SDK is made by awsClient, so that it sends nothing after its function's deadline", () => {
  const made = files.flatMap(({ path, text }) =>
    [...text.matchAll(/(awsClient\([^;]*?\(settings\) =>\s*)?new [A-Z]\w+Client\(\w*/g)].map(
      ([what, by]) => ({ what: `${path}: ${what}`, by }),
    ),
  );
  expect(made.length).toBeGreaterThan(4);
  expect(made.filter(({ what, by }) => by === undefined || !what.endsWith("(settings"))).toEqual(
    [],
  );
});

it("nothing else sends but what is handed a fetch, or a permit", () => {
  expect(
    found(/(?<![.\w])fetch\(|[=?] fetch\b|\b(?:httpsR|httpR|http\.r|https\.r)equest\b/g)
      .map((line) => line.replace(/:.*/, ""))
      .filter((path, index, all) => all.indexOf(path) === index),
  ).toEqual(["src/adapters/kubernetes/kubernetes-request.ts", "src/runtime/invocation.ts"]);
});
