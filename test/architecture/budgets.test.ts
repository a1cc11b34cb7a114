import { basename } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { productFiles, sourceFiles, type SourceFile } from "./source-tree.ts";

const own = sourceFiles(
  "src",
  "functions",
  "local",
  "kubernetes-schemas",
  "cli",
  "scripts",
  "test",
);
const product = productFiles("src", "functions", "local", "kubernetes-schemas", "cli", "scripts");

interface Measured {
  readonly name: string;
  readonly lines: number;
}

/** Every function with a body in braces, those within functions too. */
function functionsOf({ path, text }: SourceFile): readonly Measured[] {
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const found: Measured[] = [];
  const add = ({ start, end }: { readonly start: number; readonly end: number }): void => {
    found.push({ name: `${path}:${lineOf(start)}`, lines: lineOf(end) - lineOf(start) + 1 });
  };
  new Visitor({
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: (node) =>
      node.body.type === "BlockStatement" ? add(node) : undefined,
  }).visit(parseSync(path, text).program);
  return found;
}

const functions = product.flatMap(functionsOf);

/** A longer one says in its first comment why. */
function isExplained(text: string): boolean {
  const comment = /\/\*[^]*?\*\/|(?:^\/\/.*\n)+/m.exec(text)?.[0] ?? "";
  return comment.includes("Longer than 250 lines:");
}

/** Files with error messages of AWS and Kubernetes, which stand there word for word. */
const vendorSentences = [
  "local/faults/invocation-faults.ts",
  "local/kubernetes/validation/validate-metadata.ts",
  "local/kubernetes/validation/validate-object.ts",
  "local/kubernetes/validation/validate-pod.ts",
  "local/kubernetes/writes/delete-object.ts",
];

describe("budgets", () => {
  it.each([
    ["the product", product, 250],
    ["the tests, whose tables may be longer,", sourceFiles("test", "local/test"), 780],
  ] as const)("keep every file of %s short", (_, files, most) => {
    const long = files
      .filter(({ text }) => !isExplained(text))
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > most);
    expect(long).toEqual([]);
  });

  it("keep every line at 120 columns at most, whole sentences of vendors apart", () => {
    const wide = product
      .filter(({ text }) => text.split("\n").some((line) => line.length > 120))
      .map(({ path }) => path);
    expect(wide).toEqual(vendorSentences);
  });

  it("keep every function at 60 lines at most", () => {
    expect(functions.filter(({ lines }) => lines > 60)).toEqual([]);
  });

  it("keep half of the functions at 10 lines and nine of ten at 27", () => {
    const lengths = functions.map(({ lines }) => lines).toSorted((one, other) => one - other);
    const share = (part: number): number | undefined => lengths[Math.floor(lengths.length * part)];
    expect(functions.length).toBeGreaterThan(2_500);
    expect(share(0.5)).toBeLessThanOrEqual(10);
    expect(share(0.9)).toBeLessThanOrEqual(27);
  });
});

describe("file names", () => {
  it("are kebab-case", () => {
    expect(
      own
        .map(({ path }) => path)
        .filter((path) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.ts$/.test(basename(path))),
    ).toEqual([]);
  });

  it("say what is inside", () => {
    const vague = /(?:^|-)(?:utils?|helpers?|common|managers?|misc)\.(?:test\.)?ts$/;
    const vendors = /\/secrets-manager\//;
    expect(
      own
        .map(({ path }) => path)
        .filter((path) => vague.test(basename(path)) && !vendors.test(path)),
    ).toEqual([]);
  });

  it("call nothing of ours a service: that is what vendors have", () => {
    expect(
      sourceFiles("src", "functions", "cli")
        .map(({ path }) => path)
        .filter((path) => /(?:^|-)services?\.ts$/.test(basename(path))),
    ).toEqual([]);
  });

  it("are the same for a step and its test", () => {
    const steps = new Set(sourceFiles("src/promotion").map(({ path }) => basename(path, ".ts")));
    expect(
      sourceFiles("test/unit/promotion")
        .map(({ path }) => basename(path, ".test.ts"))
        .filter((name) => !steps.has(name)),
    ).toEqual([]);
  });
});

describe("source", () => {
  it("has no enum, and no class but errors and the plugin that the Serverless Framework instantiates", () => {
    const declarations = product.flatMap(({ path, text }) =>
      [
        ...text.matchAll(/^(?:export )?(?:default )?(?:const enum|enum|abstract class|class) .*/gm),
      ].map(([line]) => `${path}: ${line}`),
    );
    expect(
      declarations.filter(
        (line) =>
          !/ extends Error \{/.test(line) && !line.startsWith("scripts/serverless-plugin.ts: "),
      ),
    ).toEqual([]);
  });

  it("has one error class in the product itself, because Step Functions goes by its names", () => {
    const classes = sourceFiles("src", "functions").flatMap(({ text }) =>
      [...text.matchAll(/^(?:export )?class (\w+)/gm)].map(([, name]) => name),
    );
    expect(classes).toEqual(["PromoterError"]);
  });

  it("has no leftovers", () => {
    const word = new RegExp(
      `\\b(?:${["TO", "FIX"].map((one, index) => `${one}${["DO", "ME"][index]}`).join("|")})\\b`,
    );
    expect(own.filter(({ text }) => word.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
