import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { productFiles, root, sourceFiles, specifiersOf, type SourceFile } from "./source-tree.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { dependencies, devDependencies } = JSON.parse(
  readFileSync(join(root, "local/package.json"), "utf8"),
) as Manifest;

/** npm packages, without what Node brings and the files of the cloud itself. */
function packagesOf(files: readonly SourceFile[]): readonly string[] {
  const packages = files
    .flatMap(specifiersOf)
    .filter((specifier) => !/^(?:\.|node:)/.test(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(packages)].toSorted();
}

function withoutTypes({ path, text }: SourceFile): SourceFile {
  return { path, text: text.replaceAll(/(?:^|\n)(?:import|export) type [^;]*;/g, "") };
}

describe("the package of the local cloud", () => {
  it("declares what it and its tests import, and nothing else", () => {
    const declared = Object.keys({ ...dependencies, ...devDependencies });
    expect(packagesOf(sourceFiles("local"))).toEqual(declared.toSorted());
  });

  it("depends on what it needs when it runs", () => {
    const running = productFiles("local").map(withoutTypes);
    expect(packagesOf(running)).toEqual(Object.keys(dependencies).toSorted());
  });
});
