import { describe, expect, it } from "vitest";
import { environmentFiles } from "../../../../src/domain/artifact/environment-files.ts";

function found(environment: string, ...paths: readonly string[]): readonly string[] | string {
  const files = paths.map((path) => ({ path, content: new Uint8Array() }));
  const picked = environmentFiles(files, environment);
  return picked.kind === "files" ? picked.files.map(({ path }) => path) : picked.fault;
}

describe("the files of an environment are", () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      "those of its folder",
      ["prod/a.yaml", "prod/b.json", "test/a.yaml"],
      ["prod/a.yaml", "prod/b.json"],
    ],
    [
      "those below a folder for all",
      ["deploy/prod/a.yml", "deploy/test/a.yml"],
      ["deploy/prod/a.yml"],
    ],
    [
      "those of the folder itself, if it is the only one",
      ["prod/a.yaml", "prod/prod/b.yaml"],
      ["prod/a.yaml"],
    ],
    [
      "without other files and subfolders",
      ["prod/a.yaml", "prod/x/b.yaml", "prod/README.md"],
      ["prod/a.yaml"],
    ],
  ])("%s", (_, paths, expected) => {
    expect(found("prod", ...paths)).toEqual(expected);
  });
});

describe("an environment without files is told what there is:", () => {
  it.each([
    [["test/a.yaml", "dev/a.yaml"], /^it has no folder prod with .*; it has test, dev$/],
    [["a.yaml"], /it has no folder at all$/],
    [["prod/x/a.yaml"], /subfolders are not read/],
    [["production/a.yaml"], /it has production$/],
  ])("%j", (paths, fault) => {
    expect(found("prod", ...paths)).toMatch(fault);
  });
});
