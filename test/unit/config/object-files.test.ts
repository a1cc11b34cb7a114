import { describe, expect, it } from "vitest";
import {
  checkConfiguration,
  type LoadedConfiguration,
} from "../../../src/config/load-configuration.ts";
import type { SourceFile } from "../../../src/config/yaml-text.ts";
import { webProject } from "./web-project.ts";

const image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web";

/** As `kubectl create deployment --dry-run=client -o yaml` prints it. */
const printed = `apiVersion: apps/v1
kind: Deployment
metadata:
  creationTimestamp: null
  labels: { app: web }
  name: web
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  strategy: {}
  template:
    metadata: { creationTimestamp: null, labels: { app: web } }
    spec: { containers: [ { image: ${image}, name: web, resources: {} } ] }
status: {}
`;

async function load(...files: readonly (string | SourceFile)[]): Promise<LoadedConfiguration> {
  const named = [printed, ...files].map((file, index) =>
    typeof file === "string" ? { file: `deploy/${index}.yaml`, text: file } : file,
  );
  return checkConfiguration({ file: "promoter.yml", text: webProject }, () =>
    Promise.resolve(named),
  );
}

async function told(...files: readonly (string | SourceFile)[]): Promise<readonly string[]> {
  const loaded = await load(...files);
  return loaded.kind === "ok"
    ? []
    : loaded.faults.map(
        ({ file, line, column, message, remedy }) =>
          `${file}:${line}:${column} ${message} -> ${remedy}`,
      );
}

async function objects(...files: readonly (string | SourceFile)[]): Promise<readonly unknown[]> {
  const loaded = await load(...files);
  if (loaded.kind === "faulty") throw new Error(loaded.faults.map(({ message }) => message).join());
  return loaded.podSpecs["app/production"]?.slice(1) ?? [];
}

const configMap = (name: string, rest = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${rest}`;
const named = (name: string): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "app" },
});

describe("what kubectl writes", () => {
  it("is taken: an empty status and times that are null are not there", async () => {
    const loaded = await load();
    expect(JSON.stringify(loaded)).not.toMatch(/creationTimestamp|"status"/);
    expect(loaded.kind).toBe("ok");
  });

  it.each([
    "data:\n",
    "data: null\n",
    "data: ~\nbinaryData: null\n",
    "status: { loadBalancer: {} }\n",
    "status:\n",
  ])("%j is not there", async (rest) => {
    expect(await objects(configMap("a", rest))).toEqual([named("a")]);
  });

  it("a status is left out, as the API server does", async () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: {}\n";
    const [object] = await objects(
      `${service}status: { loadBalancer: { ingress: [{ ip: 1.2.3.4 }] } }\n`,
    );
    expect(object).toMatchObject({ kind: "Service", spec: {} });
    expect(object).not.toHaveProperty("status");
  });

  it("a status that a custom resource has is a fault, because it may be a wish", async () => {
    const gateway = "apiVersion: example.com/v1\nkind: Gateway\nmetadata: { name: a }\n";
    expect((await told(`${gateway}status: { a: 1 }\n`)).join("\n")).toContain(
      "status is written by the API server -> remove it",
    );
  });

  it.each([
    [
      "status: { replicas: 1 }\n",
      "deploy/1.yaml:4:1 there is no field status -> remove it, or correct its name",
    ],
  ])("%j is not among it", async (rest, fault) => {
    expect(await told(configMap("a", rest))).toEqual([fault]);
  });
});

describe("a list", () => {
  it.each([
    [
      "List",
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: a }\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n",
    ],
    [
      "list of one kind",
      "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: { name: a }\n- metadata: { name: b }\n",
    ],
    [
      "list of lists",
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: a } }]\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n",
    ],
  ])("is its items: a %s", async (_, file) => {
    expect(await objects(file)).toEqual([named("a"), named("b")]);
  });

  it("may be empty", async () => {
    expect(
      await objects(
        "apiVersion: v1\nkind: List\nitems: []\n",
        "apiVersion: v1\nkind: List\nitems:\n",
      ),
    ).toEqual([]);
  });

  it("has its faults at its items", async () => {
    expect(
      await told(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: a }\n  data: { b: .nan }\n- apiVersion: v1\n  kind: Node\n  metadata:\n    name: other\n",
      ),
    ).toEqual([
      expect.stringMatching(/^deploy\/1\.yaml:7:14 JSON cannot represent this number/),
      expect.stringMatching(/^deploy\/1\.yaml:9:9 Node cannot be promoted/),
    ]);
  });
});

describe("a file of JSON", () => {
  const one = JSON.stringify(named("a"));
  it.each([
    `${one}\n${JSON.stringify(named("b"))}\n`,
    `${one}${JSON.stringify(named("b"), null, 2)}`,
    `${one}\n---\n${configMap("b")}`,
  ])("may hold several objects: %j", async (content) => {
    expect(await objects({ file: "deploy/x.json", text: content })).toEqual([
      named("a"),
      named("b"),
    ]);
  });

  it("has its faults where they stand", async () => {
    expect(
      await told({
        file: "deploy/x.json",
        text: `${one}\n${JSON.stringify({ ...named("b"), metadata: { name: "B" } })}`,
      }),
    ).toEqual([
      expect.stringMatching(/^deploy\/x\.json:2:58 metadata.name "B" is not a lower-case/),
    ]);
  });
});

describe("what is not an object is called what it is:", () => {
  it.each<readonly [string, string, RegExp]>([
    [
      "deploy/x.yaml",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n",
      /^deploy\/x.yaml:1:1 this is a kustomization, not an object -> write render: kustomize build deploy instead of files, or push that output in an artifact$/,
    ],
    [
      "deploy/kustomization.yaml",
      "resources: [a.yaml]\n",
      /^deploy\/kustomization.yaml:1:1 this is a kustomization/,
    ],
    [
      "deploy/a.yaml",
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: b }\nspec:\n  image: {{ .Values.image }}\n`,
      /^deploy\/a.yaml:5:10 this is a template, as in Helm, not an object -> .*helm template/,
    ],
    [
      "deploy/a.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\ndata:\n  a: {{image}}\n",
      /^deploy\/a.yaml:5:6 this is a template/,
    ],
    [
      "deploy/a.yaml",
      "{% if on %}\nkind: ConfigMap\n{% endif %}\n",
      /^deploy\/a.yaml:1:1 this is a template/,
    ],
    [
      "deploy/a.yaml",
      `{{- if .Values.on }}\napiVersion: v1\n{{- end }}\n`,
      /^deploy\/a.yaml:1:1 this is a template/,
    ],
    [
      "deploy/a.yaml",
      `metadata:\n  name: {{ include "app.name" . }}\n  labels:\n    {{- include "app.labels" . | nindent 4 }}\n`,
      /^deploy\/a.yaml:2:9 this is a template/,
    ],
    [
      "deploy/Chart.yaml",
      "apiVersion: v2\nname: app\nversion: 1.0.0\n",
      /this is the description of a Helm chart/,
    ],
    ["deploy/prod-values.yaml", "image: { tag: 1 }\n", /this is a values file of a Helm chart/],
    ["deploy/values.yaml", "image: { tag: 1 }\n", /this is a values file of a Helm chart/],
    [
      "deploy/package.json",
      '{ "name": "app", "version": "1.0.0" }',
      /this is an npm package\.json/,
    ],
    [
      "deploy/compose.yaml",
      "services: { web: { image: nginx } }\n",
      /this is a Docker Compose file/,
    ],
    [
      "deploy/settings.json",
      '{ "a": 1 }',
      /^deploy\/settings.json:1:1 this is not a Kubernetes object: it has neither apiVersion nor kind -> write both, or keep this file out of the folder$/,
    ],
    ["deploy/list.json", "[1, 2]", /this is not a Kubernetes object/],
  ])("%s", async (file, content, fault) => {
    expect(await told({ file, text: content })).toEqual([expect.stringMatching(fault)]);
  });

  it("but the template in a ConfigMap says nothing about a fault elsewhere", async () => {
    expect(
      await told(
        configMap(
          "a",
          "data:\n  page: |\n    {{ range .Items }}\n    {{ end }}\n  other: x\n  more: w\n  other: z\n",
        ),
      ),
    ).toEqual([expect.stringMatching(/^deploy\/1.yaml:10:3 the key other is repeated/)]);
  });

  it("but a template in quotes is a text", async () => {
    expect(await objects(configMap("a", 'data: { greeting: "{{ .Name }}" }\n'))).toMatchObject([
      { data: { greeting: "{{ .Name }}" } },
    ]);
  });
});

const container = (rest: string): string =>
  printed.replaceAll("name: web", "name: two").replace("resources: {}", rest);

describe("an element that occurs twice", () => {
  it.each([
    [
      "a variable",
      container('env: [ { name: A, value: "1" }, { name: A, value: "2" } ]'),
      /^deploy\/1.yaml:13:\d+ spec\.template\.spec\.containers\[0\]\.env has two named "A" -> keep one of the two/,
    ],
    [
      "a port",
      container(
        "ports: [ { containerPort: 80, name: a }, { containerPort: 80, protocol: TCP, name: b } ]",
      ),
      /ports has two with containerPort 80, protocol TCP/,
    ],
    [
      "a mount",
      container("volumeMounts: [ { name: a, mountPath: /x }, { name: b, mountPath: /x } ]"),
      /volumeMounts has two with mountPath \/x/,
    ],
    [
      "a port of a Service",
      "apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec:\n  ports:\n  - { name: a, port: 80 }\n  - { name: b, port: 80 }\n",
      /^deploy\/1.yaml:7:22 spec\.ports has two with port 80, protocol TCP/,
    ],
  ])("is told at its line: %s", async (_, file, fault) => {
    expect(await told(file)).toEqual([expect.stringMatching(fault)]);
  });

  it("is none where another field of the key differs", async () => {
    expect(
      await told(
        container("ports: [ { containerPort: 53 }, { containerPort: 53, protocol: UDP } ]"),
      ),
    ).toEqual([]);
  });
});

const cronJob = (apiVersion: string): string =>
  `apiVersion: ${apiVersion}\nkind: CronJob\nmetadata: { name: a }\n`;

describe("an object", () => {
  it("is the same in every version of its group", async () => {
    expect(await told(cronJob("batch/v1"), cronJob("batch/v1beta1"))).toContainEqual(
      expect.stringMatching(/^deploy\/2.yaml:3:19 there is a second CronJob a/),
    );
  });

  it("is another one in another group", async () => {
    expect((await told(cronJob("batch/v1"), cronJob("example.com/v1"))).join()).not.toContain(
      "second",
    );
  });

  it("keeps texts that other readers take for numbers", async () => {
    expect(
      await objects(
        configMap("a", "data: { a: ., b: -., c: ._, d: .e5, e: 1:30, f: 2026-01-05 }\n"),
      ),
    ).toMatchObject([{ data: { a: ".", b: "-.", c: "._", d: ".e5", e: "1:30", f: "2026-01-05" } }]);
  });
});

describe("the line of a fault", () => {
  it.each([
    [
      "a list",
      "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  stringData: { a: hunter2, a: hunter3 }\n",
    ],
    [
      "JSON on one line",
      '{"apiVersion":"v1","kind":"Secret","data":{"a":"hunter2","a":"hunter3"}}',
    ],
    [
      "a flow map",
      "{ apiVersion: v1, kind: !!str Secret, stringData: { a: hunter2, a: hunter3 } }\n",
    ],
    ["two lines", "apiVersion: v1\nkind:\n  Secret\nstringData: { a: hunter2, a: hunter3 }\n"],
  ])("is never shown where a Secret stands in %s", async (_, content) => {
    const loaded = await load(content);
    expect(
      loaded.kind === "faulty" ? loaded.faults.map(({ excerpt }) => excerpt).join("") : "ok",
    ).toBe("");
    expect(JSON.stringify(loaded)).not.toContain("hunter");
  });

  it("commands no terminal", async () => {
    expect(
      JSON.stringify(await told(configMap('"\\u001b[2Ja"', "data: { a: 1 }\n"))),
    ).not.toContain("\u001b");
  });
});
