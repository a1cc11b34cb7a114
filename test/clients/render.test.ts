import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { folderWith } from "../story/push-to.ts";
import { webProject } from "../unit/config/web-project.ts";
import { lacksClient } from "./lacks-client.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { helm.sh/chart: web-1.0.0 } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web
          envFrom: [{ configMapRef: { name: settings } }]
`;

interface Rendered {
  readonly names: readonly string[];
  /** `file:line:column message` */
  readonly faults: readonly string[];
}

async function render(command: string, files: Readonly<Record<string, string>>): Promise<Rendered> {
  const yaml = webProject.replace("files: deploy", `render: "${command}"`);
  const root = await folderWith({ ...files, "promoter.yml": yaml });
  const loaded = await loadConfiguration({ root, config: "promoter.yml" });
  return loaded.kind === "ok"
    ? {
        names: (loaded.podSpecs["app/production"] ?? []).map(
          ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
        ),
        faults: [],
      }
    : {
        names: [],
        faults: loaded.faults.map(
          ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
        ),
      };
}

const overlay = {
  "base/kustomization.yaml": "resources: [deployment.yaml]\n",
  "base/deployment.yaml": deployment,
  "overlays/production/kustomization.yaml": `resources: [../../base]
namePrefix: eu-
configMapGenerator: [{ name: settings, literals: [LEVEL=info] }]
`,
};

describe.each([
  ["kustomize", "kustomize build overlays/production"],
  ["kubectl", "kubectl kustomize overlays/production"],
])("%s", (program, command) => {
  describe.skipIf(lacksClient(program))("renders", () => {
    it("an overlay, with the names that it generates", async () => {
      expect(await render(command, overlay)).toEqual({
        names: [
          expect.stringMatching(/^ConfigMap app\/eu-settings-[a-z0-9]{10}$/),
          "Deployment app/eu-web",
        ],
        faults: [],
      });
    });

    it("nothing where a base is missing, and says so in its words", async () => {
      const { "base/deployment.yaml": _, ...broken } = overlay;
      expect((await render(command, broken)).faults).toEqual([
        expect.stringMatching(
          /^promoter\.yml:7:\d+ `.*` failed with exit code 1: .*deployment\.yaml/,
        ),
      ]);
    });
  });
});

const chart = {
  "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "chart/values.yaml": "level: info\n",
  "chart/templates/web.yaml": deployment,
  "chart/templates/settings.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { LEVEL: {{ .Values.level }} }\n",
  "chart/templates/tests/test.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: test, annotations: { helm.sh/hook: test } }
`,
};

describe.skipIf(lacksClient("helm"))("helm", () => {
  it("renders a chart without its tests", async () => {
    const command = "helm template web chart --skip-tests --set-string 'level=debug'";
    expect(await render(command, chart)).toEqual({
      names: ["ConfigMap app/settings", "Deployment app/web"],
      faults: [],
    });
  });

  it("renders hooks, which are refused by name, with the option that omits them", async () => {
    expect((await render("helm template web chart", chart)).faults).toEqual([
      expect.stringMatching(
        /^output of `helm template web chart`:\d+:\d+ ConfigMap test: this is a hook of Helm \(test\)/,
      ),
    ]);
    expect((await render("helm template web chart --no-hooks", chart)).faults).toEqual([]);
  });

  it("tells what is wrong with a chart", async () => {
    const broken = { ...chart, "chart/templates/settings.yaml": "{{ .Values.level | nofunc }}" };
    expect((await render("helm template web chart", broken)).faults).toEqual([
      expect.stringMatching(/failed with exit code 1: .*nofunc/),
    ]);
  });
});
