import { describe, expect, it } from "vitest";
import { base, deployment, host, load, told } from "./shop-project.ts";

const namespacesWith = async (...files: readonly string[]): Promise<readonly unknown[]> => {
  const kinds = "kinds: [ClusterRole, CustomResourceDefinition, Widget]";
  const loaded = await load(
    base
      .replace(
        '    environments:\n      staging:\n        tags: { release: "staging-{version}" }\n        podSpec: { cluster: test, namespace: shop, files: deploy }\n',
        "    environments:\n",
      )
      .replace("        after: staging\n", "")
      .replaceAll("files: deploy", `files: deploy, ${kinds}`),
    deployment,
    ...files,
  );
  if (loaded.kind === "faulty") throw new Error(JSON.stringify(loaded.faults));
  return (loaded.podSpecs["shop/production"] ?? []).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? "-"}`,
  );
};

const definition = (scope: string): string =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\nspec: { group: example.com, scope: ${scope}, names: { kind: Widget, plural: widgets }, versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }] }\n`;

describe("an object", () => {
  const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n";

  it.each<readonly [string, string, RegExp]>([
    [
      "of a kind of the whole cluster",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: db }\n",
      /^deploy\/1.yaml:2:7 ClusterRole belongs to the whole cluster, not to this environment alone -> allow it: podSpec.kinds: \[ClusterRole.rbac.authorization.k8s.io\]; or keep it out/,
    ],
    [
      "with the annotation of promotions on its template",
      "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: db }\nspec:\n  selector: { matchLabels: { app: db } }\n  template:\n    metadata: { labels: { app: db }, annotations: { promoter/configuration: x } }\n    spec: { containers: [{ name: db, image: busybox }] }\n",
      /^deploy\/1.yaml:7:\d+ the annotation promoter\/configuration is written by promotions themselves -> remove it$/,
    ],
    [
      "of a kind that is never applied",
      "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: { name: db }\n",
      /^deploy\/1.yaml:2:7 ReplicaSet cannot be promoted: changing its template restarts no pod.* -> write a Deployment/,
    ],
    [
      "of a group that Kubernetes has no longer",
      "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: { name: db }\n",
      /^deploy\/1.yaml:1:13 Kubernetes 1\.\d+ has no Ingress in extensions\/v1beta1 -> write apiVersion: networking.k8s.io\/v1$/,
    ],
    [
      "of a custom kind that is not named",
      "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: db }\n",
      /^deploy\/1.yaml:2:7 Service is not a kind of Kubernetes itself -> if it is a custom resource, allow it: podSpec.kinds: \[Service.serving.knative.dev\]/,
    ],
    [
      "of a kind with a slip in it",
      "apiVersion: apps/v1\nkind: Deploymnt\nmetadata: { name: db }\n",
      /^deploy\/1.yaml:2:7 Kubernetes 1\.\d+ has no Deploymnt in apps -> did you mean Deployment\?$/,
    ],
    [
      "of a kind that every object inherits",
      "apiVersion: apps/v1\nkind: constructor\nmetadata: { name: db }\n",
      /^deploy\/1.yaml:2:7 Kubernetes 1\.\d+ has no constructor in apps/,
    ],
    [
      "that is a Secret",
      "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n",
      /^deploy\/1.yaml:2:7 a Secret in a file is not secret -> .*podSpec.kinds: \[Secret\] \(or secrets: allow\)/,
    ],
    [
      "that the API server wrote",
      configMap.replace("settings", "settings, managedFields: []"),
      /^deploy\/1.yaml:3:29 metadata.managedFields is written by the API server -> remove it/,
    ],
    [
      "that is there twice",
      `${configMap}---\n${configMap}`,
      /^deploy\/1.yaml:7:19 there is a second ConfigMap settings -> the first is at deploy\/1.yaml:3/,
    ],
    [
      "that is there in another file",
      deployment,
      /^deploy\/1.yaml:3:19 there is a second Deployment api -> the first is at deploy\/0.yaml:3/,
    ],
    [
      "with a member that no node can read",
      deployment
        .replace("name: api }\nspec", "name: two }\nspec")
        .replace("shop-api }", 'shop-api:${TAG}" }')
        .replace("image: ", 'image: "'),
      /^deploy\/1.yaml:10:31 the image ".*:\$\{TAG\}" cannot be read: variables are not substituted in these files -> write 1.*\/shop-api, without tag and digest: each promotion adds both$/,
    ],
    [
      "with a stranger by its FIPS name",
      deployment
        .replace("name: api }\nspec", "name: two }\nspec")
        .replace(`${host}/shop-api`, "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/tools"),
      /^deploy\/1.yaml:10:31 tools is not an image of application shop/,
    ],
    [
      "with a member in a text",
      `${configMap}data:\n  a: |\n    first: line\n    run: ${host}/shop-api:7\n`,
      /^deploy\/1.yaml:7:10 1.*\/shop-api:7 is named outside an image field, where nothing pins it -> set podSpec.images: everywhere; each promotion then pins it here too$/,
    ],
    [
      "with a stranger in a text",
      `${configMap}data: { a: "${host}/tools:7" }\n`,
      /^deploy\/1.yaml:4:13 tools is not an image of application shop.* and set podSpec.images: everywhere$/,
    ],
    [
      "with a stranger as a volume",
      deployment
        .replace("name: api }\nspec", "name: two }\nspec")
        .replace(
          "      containers:",
          `      volumes: [{ name: files, image: { reference: ${host}/tools:7 } }]\n      containers:`,
        ),
      /^deploy\/1.yaml:\d+:\d+ tools is not an image of application shop/,
    ],
    [
      "with a stranger of our registry",
      deployment
        .replace("name: api }\nspec", "name: two }\nspec")
        .replace("shop-api }", "tools:7 }"),
      /^deploy\/1.yaml:10:31 tools is not an image of application shop/,
    ],
    [
      "that the API server would refuse",
      deployment
        .replace("name: api }\nspec", "name: two }\nspec")
        .replace("labels: { app: api }", "labels: { app: web }"),
      /^deploy\/1.yaml:5:35 .*app=api is not a label of spec\.template -> write the same label/,
    ],
    [
      "without a name",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: x- }\n",
      /^deploy\/1.yaml:3:11 metadata.name is missing/,
    ],
    ["in broken YAML", "a: [\n", /^deploy\/1.yaml:\d:\d+ this is not valid YAML/],
  ])("%s is a fault", async (_, file, fault) => {
    expect(await told(base, deployment, file)).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    [
      "999122223333.dkr.ecr.eu-west-1.amazonaws.com/shop-api",
      "999122223333.dkr.ecr.eu-west-1.amazonaws.com",
    ],
    [
      "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop-api:7",
      "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
    ],
    ["shop-api", "Docker Hub"],
    ["ghcr.io/shop-api:main", "ghcr.io"],
  ])(
    "that names a member in another registry, %s, is a fault at its line, and no other",
    async (image, registry) => {
      const faults = await told(base, deployment.replace(`${host}/shop-api`, image));
      expect(faults).toEqual([
        `deploy/0.yaml:10:31 this is shop-api of ${registry}, and promoter.yml has registry 111122223333 in eu-west-1 -> write ${host}/shop-api, or correct \`registry\` in promoter.yml`,
      ]);
    },
  );

  it.each([
    [
      "a StatefulSet",
      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: a }\nspec: { selector: { matchLabels: { a: b } }, serviceName: a, template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: a, image: nginx }] } } }\n",
    ],
    [
      "a Job",
      "apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: nginx }] } } }\n",
    ],
    [
      "an autoscaler of an older version",
      "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\nspec: { maxReplicas: 3, scaleTargetRef: { kind: Deployment, name: api } }\n",
    ],
    ["an object of another namespace", configMap.replace("settings", "settings, namespace: other")],
    ["a Namespace of another name", "apiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n"],
    [
      "one name in two namespaces",
      `${configMap}---\n${configMap.replace("settings", "settings, namespace: other")}`,
    ],
  ])("may be %s", async (_, file) => {
    expect(await told(base, deployment, file)).toEqual([]);
  });

  it.each([
    ["kinds: [ClusterRole]", "rbac.authorization.k8s.io/v1", "ClusterRole"],
    [
      "kinds: [ClusterRole.rbac.authorization.k8s.io]",
      "rbac.authorization.k8s.io/v1",
      "ClusterRole",
    ],
    ["kinds: [Widget.example.com]", "example.com/v1", "Widget"],
    ["kinds: [Service]", "serving.knative.dev/v1", "Service"],
  ])("with %s may be of %s %s", async (kinds, apiVersion, kind) => {
    const object = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`;
    const only = base.replace("cluster: prod, ", `cluster: prod, ${kinds}, `);
    expect(await told(only, deployment, object)).toEqual([
      expect.stringMatching(/^deploy\/1.yaml:2:7/),
    ]);
    expect(
      await told(base.replaceAll("files: deploy", `files: deploy, ${kinds}`), deployment, object),
    ).toEqual([]);
  });

  it("of a whole cluster has no namespace, and of a custom kind only what is written or defined", async () => {
    const widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\n";
    const role =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r, namespace: elsewhere }\n";
    expect(await namespacesWith(role, widget)).toEqual([
      "Deployment shop",
      "ClusterRole -",
      "Widget -",
    ]);
    expect(await namespacesWith(definition("Namespaced"), widget)).toContain("Widget shop");
    expect(await namespacesWith(definition("Cluster"), widget)).toContain("Widget -");
  });

  it("may be a Secret where that is allowed", async () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n";
    expect(
      await told(
        base.replaceAll("files: deploy", "files: deploy, secrets: allow"),
        deployment,
        secret,
      ),
    ).toEqual([]);
  });

  it("must run every image of the application", async () => {
    expect(await told(base, configMap)).toEqual([
      expect.stringMatching(/^12:59 no object in deploy runs shop-api/),
      expect.stringMatching(/^16:59 no object in deploy runs shop-api/),
    ]);
  });

  it("may name a member in a text where the environment pins it there", async () => {
    const text = `${configMap}data: { a: "${host}/shop-api:7" }\n`;
    expect(
      await told(
        base.replaceAll("files: deploy", "files: deploy, images: everywhere"),
        deployment,
        text,
      ),
    ).toEqual([]);
  });

  it("may name the registry alone, as a pull secret does", async () => {
    const text = `${configMap}data: { host: ${host}, repository: ${host}/shop-api }\n`;
    expect(await told(base, deployment, text)).toEqual([]);
  });

  it("may run an image as a volume: it is pinned as those of containers are", async () => {
    const volume = `      volumes: [{ name: files, image: { reference: ${host}/shop-api:7 } }]\n      containers:`;
    expect(await told(base, deployment.replace("      containers:", volume))).toEqual([]);
  });

  it.each(["111122223333.dkr-ecr.eu-west-1.on.aws", `${host}:443`])(
    "may run a member by the name %s alone",
    async (name) => {
      expect(await told(base, deployment.replace(host, name))).toEqual([]);
    },
  );

  it("may name images of other registries, and tags and digests of ours", async () => {
    const images = deployment.replace(
      "shop-api }",
      `shop-api:old@sha256:${"a".repeat(64)} }\n        - { name: proxy, image: "docker.io/envoyproxy/envoy:v1" }`,
    );
    expect(await told(base, images)).toEqual([]);
  });

  it("gets the namespace of its environment if it names none, a Namespace itself none", async () => {
    const loaded = await load(
      base,
      deployment,
      "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n",
    );
    const objects = loaded.kind === "ok" ? loaded.podSpecs["shop/production"] : undefined;
    expect(objects?.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ["Deployment", "shop"],
      ["Namespace", undefined],
    ]);
  });

  // What kubectl 1.33 makes of these (sigs.k8s.io/yaml, YAML 1.1): octal numbers, words for booleans; times and dates stay texts.
  it("is read as kubectl reads it", async () => {
    const odd =
      "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\n" +
      "mode: 0644\nflag: yes\ntime: 12:30\nday: 2026-01-05\n";
    const widgets = base.replaceAll("files: deploy", "files: deploy, kinds: [Widget]");
    const loaded = await load(widgets, deployment, odd, "---\n---\n# nothing\n");
    const objects = loaded.kind === "ok" ? loaded.podSpecs["shop/staging"] : undefined;
    expect(objects?.[1]).toMatchObject({ mode: 420, flag: true, time: "12:30", day: "2026-01-05" });
    expect(objects).toHaveLength(2);
  });
});
