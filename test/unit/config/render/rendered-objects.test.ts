import { describe, expect, it } from "vitest";
import { checkConfiguration } from "../../../../src/config/load-configuration.ts";
import type { ProjectFile } from "../../../../src/config/project-files.ts";
import { base, deployment } from "../shop-project.ts";

const command = "kustomize build overlays/production";
const rendering = base.replaceAll("files: deploy", `render: ${command}`);

interface Checked {
  /** `file:line message -> remedy` */
  readonly faults: readonly string[];
  readonly ran: readonly string[];
  readonly objects: readonly unknown[];
}

async function check(text: string, printed: string | ProjectFile): Promise<Checked> {
  const ran: string[] = [];
  const loaded = await checkConfiguration(
    { file: "promoter.yml", text },
    () => Promise.resolve([{ file: "deploy/a.yaml", text: deployment }]),
    (one) => {
      ran.push(one);
      return Promise.resolve(
        typeof printed === "string" ? { file: `output of \`${one}\``, text: printed } : printed,
      );
    },
  );
  return loaded.kind === "ok"
    ? { faults: [], ran, objects: loaded.podSpecs["shop/production"] ?? [] }
    : {
        faults: loaded.faults.map(
          ({ file, line, message, remedy }) => `${file}:${line} ${message} -> ${remedy}`,
        ),
        ran,
        objects: [],
      };
}

it("what a command prints are the objects, with their namespace; it runs once for two environments", async () => {
  expect(await check(rendering, deployment)).toEqual({
    faults: [],
    ran: [command],
    objects: [expect.objectContaining({ metadata: { name: "api", namespace: "shop" } })],
  });
});

it("without a runner no command runs, and nothing is said about what it would print", async () => {
  const loaded = await checkConfiguration({ file: "promoter.yml", text: rendering }, () =>
    Promise.resolve(undefined),
  );
  expect(loaded).toMatchObject({
    kind: "ok",
    podSpecs: { "shop/production": [] },
    configuration: {
      applications: {
        shop: {
          environments: { production: { podSpec: { objects: { kind: "render", command } } } },
        },
      },
    },
  });
});

describe("a fault in what is printed", () => {
  it("is placed in the output, with its object", async () => {
    const { faults } = await check(
      rendering,
      deployment.replace("name: api }", "name: api, uid: a }"),
    );
    expect(faults).toEqual([
      `output of \`${command}\`:3 Deployment api: metadata.uid is written by the API server -> remove it`,
    ]);
  });

  it("is one of YAML where it is no YAML", async () => {
    const { faults } = await check(rendering, "a: b\nc: d: e\n");
    expect(faults).toEqual([expect.stringMatching(/^output of `kustomize.*`:2 /)]);
  });

  it("is none at all: no objects", async () => {
    expect((await check(rendering, "# nothing\n")).faults).toEqual([
      expect.stringMatching(
        /^promoter\.yml:12 the output of `kust.*` has no objects -> run the command by hand/,
      ),
      expect.stringMatching(/^promoter\.yml:16 /),
    ]);
  });

  it("is that of the program, at the command", async () => {
    const unread = { message: "there is no program kustomize", remedy: "install it" };
    expect((await check(rendering, { file: "output", unread })).faults).toEqual([
      "promoter.yml:12 there is no program kustomize -> install it",
      "promoter.yml:16 there is no program kustomize -> install it",
    ]);
  });

  it("is a member that nothing runs", async () => {
    expect(
      (await check(rendering, deployment.replace("/shop-api", "/shop-api2"))).faults,
    ).toContainEqual(
      expect.stringMatching(/^promoter\.yml:12 no object in output of `kust.*` runs shop-api -> /),
    );
  });
});

describe("hooks of Helm are refused by name:", () => {
  it.each([
    [
      "pre-install,pre-upgrade",
      /helm template --no-hooks; or replace the annotation, by promoter\/phase: before/,
    ],
    ["test", /helm template --skip-tests$/],
    ["test-success", /helm template --skip-tests$/],
  ])("%s", async (hook, remedy) => {
    const annotated = deployment.replace(
      "name: api }",
      `name: api, labels: { helm.sh/chart: api-1 }, annotations: { helm.sh/hook: "${hook}" } }`,
    );
    expect((await check(base, annotated)).faults).toEqual([]);
    const { faults } = await check(rendering, annotated);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`Deployment api: this is a hook of Helm (${hook})`);
    expect(faults[0]).toMatch(remedy);
  });
});

describe("a pod spec has one source of objects:", () => {
  it("none is a fault, beside the others there", async () => {
    const { faults } = await check(base.replace("files: deploy", "force: maybe"), deployment);
    expect(faults).toEqual([
      expect.stringMatching(
        /^promoter\.yml:12 podSpec has no source of objects: files, render or artifact is missing -> write files: /,
      ),
      expect.stringMatching(/^promoter\.yml:12 .*force must be true or false/),
    ]);
  });

  it("two are a fault, and none of them is read", async () => {
    const { faults, ran } = await check(
      base.replace("files: deploy", "files: deploy, render: kustomize build ."),
      deployment,
    );
    expect(faults).toEqual([
      expect.stringMatching(
        /^promoter\.yml:12 podSpec has several sources of objects: files and render -> /,
      ),
    ]);
    expect(ran).toEqual([]);
  });

  it.each([
    [
      '"kustomize build . | yq"',
      /the command has the character \|, and no shell runs it -> .*render: \.\/render\.sh/,
    ],
    ["7", /render must be a string, not the number 7/],
    [`"${"a".repeat(1001)}"`, /the command is longer than 1000 characters -> /],
  ])("a command that cannot be run without a shell is one: %s", async (written, fault) => {
    const { faults } = await check(
      base.replace("files: deploy }\n      prod", `render: ${written} }\n      prod`),
      deployment,
    );
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });
});
