import { describe, expect, it } from "vitest";
import { importsOf, productFiles, sourceFiles, valueImportsOf } from "./source-tree.ts";

/**
 * Only a signed click votes, and only the promotion's own functions wake an execution: what runs on
 * somebody's machine, the local cloud and the commands, has no other way in. It reaches the
 * functions by their names and paths alone.
 */
const ours = productFiles("cli", "local");
const all = new Map(sourceFiles("src", "scripts", "cli", "local").map((file) => [file.path, file]));

/** Read for what each task needs, when the template is derived. Its type has nothing that runs. */
const declarations = "src/promotion/tasks.ts";

/** The files below `src` that what starts at `path` brings with it, each with the way to it. */
function reached(
  path: string,
  way: readonly string[] = [],
  seen = new Map<string, readonly string[]>(),
): ReadonlyMap<string, readonly string[]> {
  const file = all.get(path);
  if (!file || seen.has(path) || path === declarations) return seen;
  seen.set(path, [...way, path]);
  for (const next of valueImportsOf(file)) reached(next, [...way, path], seen);
  return seen;
}

const votes = [
  "src/adapters/dynamodb/approvals.ts",
  "src/promotion/events/on-slack-action.ts",
  "src/promotion/question/change-approval.ts",
  "src/domain/approval.ts",
];
const wakers = ["src/adapters/step-functions/workflow.ts", "src/promotion/wait/wake.ts"];

/**
 * What the commands need of the product: its configuration, names and forms of what is printed, and
 * a client for a cluster of one's own.
 */
const ofCommands = [
  /^src\/config\//,
  /^src\/adapters\/kubernetes\/(?:access-reviews|cluster-rights|clusters)\.ts$/,
  /^src\/domain\/(?:abbreviate-list|access\/[a-z-]+|artifact\/[a-z-]+|bounded|common-version|configuration|duration|errors|format-time|hash|json|observation|look-up|parse-json|partition|plan|printable|promotion|relative-times|version-order|version-policy|version-refusal|version-tag|workflow-request|image\/(?:digest|push-event|reference|registry-host|repository|tag)|image\/tag-pattern|pod-spec\/(?:describe-change|kinds|object|object-source|resource-names|scopes))\.ts$/,
];
const typesOfCommands = [
  /^src\/ports\/(?:promotions|trail)\.ts$/,
  /^src\/promotion\/operations\/show-(?:promotion|status)\.ts$/,
];
const isOneOf = (path: string, allowed: readonly RegExp[]): boolean =>
  !path.startsWith("src/") || allowed.some((one) => one.test(path));

describe("the commands and the local cloud", () => {
  it.each([
    ["the code of votes", votes],
    ["the code that wakes executions", wakers],
  ])("never bring %s with them", (_, forbidden) => {
    expect(forbidden.filter((path) => !all.has(path))).toEqual([]);
    const found = ours.flatMap(({ path }) =>
      [...reached(path)]
        .filter(([to]) => forbidden.includes(to))
        .map(([, way]) => way.join(" -> ")),
    );
    expect(found).toEqual([]);
  });

  it("read the declarations of tasks where the template is derived, and nowhere else", () => {
    const readers = [...all.values()].filter((file) => importsOf(file).includes(declarations));
    expect(readers.map(({ path }) => path)).toEqual(["scripts/stack/derive-stack.ts"]);
    expect(all.get(declarations)?.text).toContain("Record<string, DeclaredTask>");
    expect(all.get(declarations)?.text).not.toMatch(/\brun\b|^export \{|export \*/m);
  });

  it("name no writing of approvals and no client of the table", () => {
    const words =
      /castVote|dynamodbApprovals|approvalsOf|onSlackAction\(|client-dynamodb|lib-dynamodb/;
    expect(ours.filter(({ text }) => words.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("wake no execution, but for the simulator that answers these calls", () => {
    const naming = ours
      .filter(({ text }) => /SendTask(?:Success|Failure|Heartbeat)/i.test(text))
      .map(({ path }) => path);
    expect(naming).toEqual(["local/step-functions/api/task-operations.ts"]);
    const holders = ours
      .filter((file) => importsOf(file).includes("local/step-functions/executions/task-tokens.ts"))
      .map(({ path }) => path);
    expect(holders.filter((path) => !path.startsWith("local/step-functions/"))).toEqual([]);
    expect(holders.length).toBeGreaterThan(0);
  });
});

describe("the commands", () => {
  const commands = sourceFiles("cli");

  it("use of the product what this list has", () => {
    const used = commands.flatMap((file) =>
      importsOf(file)
        .filter((to) => !isOneOf(to, [...ofCommands, ...typesOfCommands]))
        .map((to) => `${file.path} -> ${to}`),
    );
    expect(used).toEqual([]);
  });

  it("say that the cloud is starting before they load it: what `npm start` begins with brings nothing heavy", () => {
    const start = commands.find(({ path }) => path === "cli/start.ts");
    const first = start
      ? valueImportsOf(start).filter((path) => path !== "cli/show/run-show.ts")
      : [];
    const light = first.flatMap((path) => [...reached(path).keys()]);
    expect(first).toContain("cli/terminal.ts");
    expect(
      light.filter((path) => !/^(?:cli|cli\/show|src\/domain)\/[\w-]+\.ts$/.test(path)),
    ).toEqual([]);
    expect(light.length).toBeLessThan(15);
  });

  it("use types alone of what a promotion is and of what is stored", () => {
    const used = commands.flatMap((file) =>
      valueImportsOf(file)
        .filter((to) => !isOneOf(to, ofCommands))
        .map((to) => `${file.path} -> ${to}`),
    );
    expect(used).toEqual([]);
  });
});
