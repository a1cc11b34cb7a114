import { describe, expect, it } from "vitest";
import {
  importsOf,
  productFiles,
  sourceFiles,
  specifiersOf,
  type SourceFile,
} from "./source-tree.ts";

/** Reads data that it is given; `load.ts` beside it reads the file. */
const pureSchemas = "kubernetes-schemas/schemas.ts";

/**
 * Which layers a layer may import from; the first match of a path is its layer. Imports go
 * downwards only, type imports count.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  "kubernetes-schemas/load.ts": ["kubernetes-schemas/"],
  "kubernetes-schemas/": [],
  "src/domain/": [pureSchemas],
  "src/ports/": ["src/domain/", pureSchemas],
  "src/promotion/tasks.ts": ["src/promotion/", "src/ports/"],
  ...room("steps", [
    "cluster",
    "release",
    "lock",
    "wait",
    "question",
    "step",
    "record",
    "concurrency",
  ]),
  ...room("events", ["steps", "release", "lock", "wait", "question", "step", "concurrency"]),
  ...room("operations", ["cluster", "release", "lock", "wait", "step", "record"]),
  ...room("cluster", ["lock", "step", "record", "concurrency"]),
  ...room("release", ["lock", "record", "concurrency"]),
  ...room("lock", ["wait", "step", "record"]),
  ...room("wait", ["question", "step", "record"]),
  ...room("question", ["record", "concurrency"]),
  ...room("step", ["record"]),
  ...room("record", ["concurrency"]),
  ...room("concurrency", []),
  "src/config/": ["src/ports/", "src/domain/", "kubernetes-schemas/"],
  "src/adapters/": ["src/ports/", "src/domain/"],
  "src/runtime/": [
    "src/adapters/",
    "src/config/",
    "src/promotion/",
    "src/ports/",
    "src/domain/",
    "kubernetes-schemas/",
  ],
  "functions/": ["src/"],
  // A package of its own. Reaches the functions by the handler paths of serverless.yml alone.
  "local/": ["kubernetes-schemas/"],
  // The template with everything that the packaging plugin derives from promoter.yml.
  "scripts/": [
    "src/promotion/tasks.ts",
    "src/config/",
    "src/adapters/",
    "src/ports/",
    "src/domain/",
  ],
  "cli/": ["local/", "scripts/stack/", "src/"],
  "test/fakes/": ["src/ports/", "src/domain/", "kubernetes-schemas/"],
  "test/builders/": ["test/fakes/", "src/promotion/", "src/ports/", "src/domain/"],
};

/** The rooms of what happens, from the top: steps are the Tasks of the state machine. */
function room(name: string, below: readonly string[]): Record<string, readonly string[]> {
  const rooms = below.map((one) => `src/promotion/${one}/`);
  return { [`src/promotion/${name}/`]: [...rooms, "src/ports/", "src/domain/"] };
}

const layerNames = Object.keys(layers);
const layerOf = (path: string): string | undefined =>
  layerNames.find((layer) => path.startsWith(layer));
const files = sourceFiles(
  "src",
  "functions",
  "local",
  "kubernetes-schemas",
  "scripts",
  "cli",
  "test/fakes",
  "test/builders",
);
const edges = files.flatMap((file) => importsOf(file).map((to) => ({ from: file.path, to })));

interface Edge {
  readonly from: string;
  readonly to: string;
}

function isAllowed({ from, to }: Edge): boolean {
  const layer = layerOf(from);
  if (!layer) return false;
  return to.startsWith(layer) || (layers[layer] ?? []).some((below) => to.startsWith(below));
}

const folder = (path: string): string | undefined => /^src\/adapters\/([^/]+)\//.exec(path)?.[1];

/**
 * Takes away what imports nothing that is left, or is imported by nothing that is left, again and
 * again: what stays is in circles or between them.
 */
function circles(all: readonly Edge[]): readonly string[] {
  const [froms, tos] = [new Set(all.map(({ from }) => from)), new Set(all.map(({ to }) => to))];
  const left = all.filter(({ from, to }) => froms.has(to) && tos.has(from));
  return left.length === all.length ? left.map(arrow) : circles(left);
}

const services =
  /^local\/(dynamodb|ecr|eks|eventbridge|kubernetes|lambda|secrets-manager|slack|sqs|step-functions|sts)\//;
const serviceOf = (path: string): string | undefined => services.exec(path)?.[1];

const kubernetesRoom = (path: string): string | undefined =>
  /^local\/kubernetes\/([^/]+)\//.exec(path)?.[1];

const messengers = /slack|(?<![.\w])ts\b|thread_?ts|response_?url/i;

const users = (path: string): readonly string[] =>
  edges.filter(({ to }) => to === path).map(({ from }) => from);

const arrow = ({ from, to }: Edge): string => `${from} -> ${to}`;

describe("imports", () => {
  it("are found by the way we look for them", () => {
    expect(edges.map(arrow)).toContain("src/promotion/wait/wake.ts -> src/ports/waits.ts");
    expect(edges.map(arrow)).toContain("src/domain/plan.ts -> src/domain/hash.ts");
    expect(edges.map(arrow)).toContain("cli/show/run-show.ts -> local/cloud.ts");
    expect(edges.length).toBeGreaterThan(500);
  });

  it("go downwards only", () => {
    expect(edges.filter((edge) => !isAllowed(edge)).map(arrow)).toEqual([]);
  });

  it("lead into the local cloud by the name of its package, and the commands to its public part", () => {
    const outside = sourceFiles("src", "functions", "scripts", "cli", "bench", "test");
    const relative = outside.flatMap((file) =>
      specifiersOf(file).filter((to) => /^(?:\.\.?\/)+local\//.test(to)),
    );
    expect(relative).toEqual([]);
    const internal = sourceFiles("src", "functions", "scripts", "cli", "bench").flatMap((file) =>
      specifiersOf(file).filter((to) => to.startsWith("@promoter/local-cloud/internal/")),
    );
    expect(internal).toEqual([]);
  });

  it("never lead from the local cloud to its tests", () => {
    const tests = productFiles("local").flatMap((file) =>
      importsOf(file).filter((to) => to.startsWith("local/test/")),
    );
    expect(tests).toEqual([]);
  });

  it("never lead in a circle", () => {
    expect(circles(edges)).toEqual([]);
  });

  it("never lead from one simulated service to another", () => {
    const between = edges.filter(({ from, to }) => {
      const [one, other] = [serviceOf(from), serviceOf(to)];
      return one !== undefined && other !== undefined && one !== other;
    });
    expect(between.map(arrow)).toEqual([]);
  });

  it("never lead in a circle between the rooms of the local Kubernetes", () => {
    const rooms = edges
      .map(({ from, to }) => ({ from: kubernetesRoom(from), to: kubernetesRoom(to) }))
      .filter(({ from, to }) => from !== undefined && to !== undefined && from !== to);
    expect(rooms.length).toBeGreaterThan(50);
    expect(circles(rooms as readonly Edge[])).toEqual([]);
  });

  it("start programs only where the configuration is loaded, which no function does", () => {
    const starting = sourceFiles("src", "functions").filter(({ text }) =>
      /child_process/.test(text),
    );
    expect(starting.map(({ path }) => path)).toEqual(["src/config/render/run-command.ts"]);
    expect(users("src/config/render/run-command.ts")).toEqual(["src/config/load-configuration.ts"]);
    expect(
      users("src/config/load-configuration.ts").filter((from) => /^(?:src|functions)\//.test(from)),
    ).toEqual([]);
  });

  it("never lead from one adapter to another", () => {
    expect(
      edges
        .filter(({ from, to }) => folder(from) && folder(to) && folder(from) !== folder(to))
        .map(arrow),
    ).toEqual([]);
  });

  it("take no SDK, no client, no node module and, but for the options of rules, no zod into what is true", () => {
    const packages = sourceFiles("src/domain", "src/ports").flatMap(({ path, text }) =>
      [...text.matchAll(/from\s+["']([^."'][^"']*)["']/g)].map(([, name]) => `${path} -> ${name}`),
    );
    const options = /^src\/domain\/rules\/[a-z-]+\.ts -> zod$/;
    expect(
      packages.filter(
        (edge) =>
          !/ -> (?:semver\/|@promoter\/kubernetes-schemas$)/.test(edge) && !options.test(edge),
      ),
    ).toEqual([]);
  });

  it("take no global of Node into what is true", () => {
    const globals = sourceFiles("src/domain", "src/ports").flatMap(({ path, text }) =>
      (text.match(/(?<![.\w])(?:Buffer\b|process\.|require\()/g) ?? []).map(
        (name) => `${path} -> ${name}`,
      ),
    );
    expect(globals).toEqual([]);
  });

  it("take no vendor's words into the ports, but those of Kubernetes, whose objects are what we carry", () => {
    const words =
      /slack|dynamodb|amazon|\baws\b|\becr\b|\beks\b|\biam\b|lambda|eventbridge|step functions/i;
    expect(linesWith(words, sourceFiles("src/ports"))).toEqual([]);
    expect(linesWith(messengers, sourceFiles("src/domain", "src/ports"))).toEqual([]);
  });

  it("take no messenger's words into what happens, but the public name of one function", () => {
    const publicName = /(?<![\w-])on-?slack-?action\b/gi;
    const promotion = sourceFiles("src/promotion").map(({ path, text }) => ({
      path,
      text: text.replaceAll(publicName, ""),
    }));
    expect(linesWith(messengers, promotion)).toEqual([]);
  });

  it("take no SDK and no client into what happens", () => {
    const packages = sourceFiles("src/promotion").flatMap(({ path, text }) =>
      [...text.matchAll(/from\s+["']([^."'][^"']*)["']/g)].map(([, name]) => `${path} -> ${name}`),
    );
    expect(packages).toEqual([]);
  });
});

function linesWith(words: RegExp, among: readonly SourceFile[]): readonly string[] {
  return among.flatMap(({ path, text }) =>
    text
      .split("\n")
      .filter((line) => words.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}
