import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { clusterGroups } from "../../src/adapters/kubernetes/cluster-rights.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { builtInKinds } from "../../src/domain/pod-spec/built-in-kinds.ts";
import { endings } from "../../src/domain/promotion.ts";
import { rules } from "../../src/domain/rules/index.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");
const documents = globSync("{*.md,docs/**/*.md,local/**/*.md,examples/**/*.md}", {
  cwd: root,
}).toSorted();

describe("links", () => {
  it.each(documents)("%s links to files and headings that exist", async (document) => {
    const links = linksIn(await read(document));
    expect(
      (await Promise.all(links.map((link) => fault(document, link)))).filter(
        (found) => found !== undefined,
      ),
    ).toEqual([]);
  });

  it.each([
    ["see [a](b.md) and [c](../d.md#e)", ["b.md", "../d.md#e"]],
    ["`[a](b.md)` is code, [c](https://example.com) is elsewhere", []],
    ["```\n[a](b.md)\n```\n[c](d.md)", ["d.md"]],
  ])("are found in %j", (text, links) => {
    expect(linksIn(text)).toEqual(links);
  });
});

describe("docs/dependencies.md", () => {
  it("names exactly the packages of package.json and of the local cloud's", async () => {
    const own = await packagesOf("package.json");
    const all = Object.keys({ ...own, ...(await packagesOf("local/package.json")) });
    const packages = all.filter((name) => !name.startsWith("@promoter/"));
    expect(firstCells(await read("docs/dependencies.md")).toSorted()).toEqual(packages.toSorted());
  });

  it("is right that both want the same versions of what they share", async () => {
    const own = await packagesOf("package.json");
    for (const [name, range] of Object.entries(await packagesOf("local/package.json"))) {
      expect({ name, range: own[name] ?? range }).toEqual({ name, range });
    }
  });
});

describe("docs/glossary.md", () => {
  const required = [
    "image",
    "manifest",
    "index",
    "digest",
    "tag",
    "repository",
    "registry",
    "application",
    "version",
    "release",
    "member",
    "release tag",
    "moving tag",
    "environment",
    "promotion",
    "rule",
    "decision",
    "plan",
    "content hash",
    "approval",
    "approver",
    "vote",
    "pod spec",
    "object",
    "rollout",
    "rollback",
    "hold",
    "lock",
    "fence",
    "owner",
    "next",
    "set",
    "snapshot",
    "trail",
    "unsettled",
    "ending",
    "conclusion",
  ];

  it("explains every word of the product once, in alphabetical order", async () => {
    const words = tableCells(await read("docs/glossary.md")).slice(1);
    expect(words).toEqual(expect.arrayContaining(required));
    expect(words).toEqual([...new Set(words)].toSorted());
  });
});

describe("docs/architecture.md", () => {
  it("lists every state of the workflow that does something or waits", async () => {
    const definition = await read("statemachines/promotion.asl.yml");
    const states = [...definition.matchAll(/^ {2}(\w+):\n {4}Type: (?:Task|Wait)$/gm)].map(
      ([, name]) => name ?? "",
    );
    const text = await read("docs/architecture.md");
    expect(states).toContain("RetagImages");
    expect(states.filter((state) => !text.includes(`\`${state}\``))).toEqual([]);
  });

  it("names every function", async () => {
    const text = await read("docs/architecture.md");
    const tasks = new Set(
      [
        ...(await read("statemachines/promotion.asl.yml")).matchAll(
          /FunctionName: "?\$\{(\w+)FunctionArn\}/g,
        ),
      ].map(([, name = ""]) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()),
    );
    const others = globSync("functions/*.ts", { cwd: root })
      .map((path) => basename(path, ".ts"))
      .filter((name) => !tasks.has(name));
    expect(others.length).toBeGreaterThan(5);
    expect(others.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it("lists every rule", async () => {
    const cells = tableCells(await read("docs/architecture.md"));
    expect(rules.map(({ name }) => name).filter((name) => !cells.includes(name))).toEqual([]);
  });
});

describe("docs/configuration.md", () => {
  it("names every kind that is never applied", async () => {
    const text = await read("docs/configuration.md");
    const line = text.split("\n").find((one) => one.startsWith("- **Never:**"));
    const named = new Set(line?.match(/\b[A-Z]\w+\b/g));
    const refused = builtInKinds.filter(({ use }) => use === "never").map(({ name }) => name);
    expect(refused.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe("docs/aws.md", () => {
  it("names the groups of every function that talks to a cluster, and no other", async () => {
    const rows = (await read("docs/aws.md"))
      .split("\n")
      .filter((line) => line.startsWith("| `promoter:"))
      .map((line) => [...line.matchAll(/`(?:promoter:)?(\w+)`/g)].map(([, name]) => name));
    expect(rows).toEqual(
      Object.entries(clusterGroups).map(([group, members]) => [group, ...members]),
    );
  });
});

describe("docs/operations.md", () => {
  it("says for every ending what to do", async () => {
    const cells = firstCells(await read("docs/operations.md"));
    expect(endings.filter((ending) => !cells.includes(ending))).toEqual([]);
  });

  it("names the alarms of serverless.yml and no others", async () => {
    const declared = [...(await read("serverless.yml")).matchAll(/^ {4}(\w+Alarm):$/gm)].map(
      ([, name]) => name,
    );
    const named = firstCells(await read("docs/operations.md")).filter((cell) =>
      cell.endsWith("Alarm"),
    );
    expect(new Set(named)).toEqual(new Set(declared));
  });
});

describe("README.md", () => {
  it("names the commands of the CLI and no others", async () => {
    const verbs = ["promotion", "source", "environment", "completion"].map((one) => `${one}-verbs`);
    const sources = await Promise.all(verbs.map(async (name) => read(`cli/${name}.ts`)));
    const commands = sources.flatMap((text) =>
      [...text.matchAll(/program\s*\.command\("([\w-]+)"\)/g)].map(([, name]) => name),
    );
    const named = firstCells(await read("README.md")).map((cell) => cell.split(" ")[0]);
    expect(new Set(named)).toEqual(new Set(commands));
  });

  it("names only npm scripts that exist, as CONTRIBUTING.md does", async () => {
    const { scripts } = packageSchema.parse(JSON.parse(await read("package.json")));
    const texts = await Promise.all(
      ["README.md", "CONTRIBUTING.md", "docs/operations.md"].map(read),
    );
    const named = texts.flatMap((text) =>
      [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? ""),
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

describe("CONTRIBUTING.md", () => {
  it("leads to files and folders that exist", async () => {
    const paths = pathsIn(await read("CONTRIBUTING.md"));
    expect(paths.length).toBeGreaterThan(90);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each([
    ["`src/a.ts`, `local/b/` and `c.yml`", ["src/a.ts", "local/b/", "c.yml"]],
    ["`src/a/<name>.ts` and `src/<name>/`", ["src/a/", "src/"]],
    ["`npx tool test/a` and `A=$(.ci/b)`", ["test/a", ".ci/b"]],
    ["`npm run a:b`, `a.b`, src/a.ts, [c](docs/c.md)", []],
  ])("names the paths in %j", (text, paths) => {
    expect(pathsIn(text)).toEqual(paths);
  });
});

describe("decisions", () => {
  it.each(documents.filter((document) => document.startsWith("docs/decisions/")))(
    "%s has at most 40 lines: context, choice, cost",
    async (document) => {
      const text = await read(document);
      expect(text.split("\n").length).toBeLessThanOrEqual(41);
      for (const part of ["**Context.**", "**Choice.**", "**Cost.**"]) expect(text).toContain(part);
    },
  );
});

describe("examples", () => {
  it("are valid configurations", async () => {
    const configurations = globSync("examples/*/promoter.yml", { cwd: root });
    expect(configurations).not.toEqual([]);
    for (const config of configurations) {
      expect(await loadConfiguration({ root, config })).toMatchObject({ kind: "ok" });
    }
  });
});

const names = z.record(z.string(), z.string());
const packageSchema = z.object({
  scripts: names,
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
});
const partialPackageSchema = packageSchema.partial();

async function packagesOf(path: string): Promise<Readonly<Record<string, string>>> {
  const parsed = partialPackageSchema.parse(JSON.parse(await read(path)));
  const { dependencies, devDependencies, optionalDependencies } = parsed;
  return { ...dependencies, ...devDependencies, ...optionalDependencies };
}

function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** Paths within code, up to the folder of the first placeholder, such as `<name>`. */
function pathsIn(markdown: string): readonly string[] {
  const code = markdown.replaceAll(/^```[\s\S]*?^```/gm, "").match(/`[^`\n]+`/g) ?? [];
  return code
    .flatMap((span) => span.match(/[\w.<>/-]+/g) ?? [])
    .filter((word) => /\/|\.(?:ts|md|yml|json)$/.test(word))
    .map((path) => path.replace(/[^/]*<.*/, ""));
}

async function fault(document: string, link: string): Promise<string | undefined> {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? document : join(dirname(document), path);
  if (!existsSync(join(root, target))) return `${link}: there is no ${target}`;
  if (heading === undefined || headings(await read(target)).includes(heading)) return undefined;
  return `${link}: ${target} has no heading #${heading}`;
}

/** GitHub's anchors: lower case, blanks as dashes, punctuation left out. */
function headings(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The first cell of every row, without the lines under headers. */
function tableCells(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^\| ([^|]+?) \|/gm)].map(([, cell]) => cell ?? "");
}

/** The same where that cell begins with code: its content. */
function firstCells(markdown: string): readonly string[] {
  return tableCells(markdown).flatMap((cell) => /^`([^`]+)`/.exec(cell)?.[1] ?? []);
}
