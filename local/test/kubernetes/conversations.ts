import { apiVersionOf, builtInResources } from "../../kubernetes/objects/resource-table.ts";
import { customConversations } from "./custom-conversations.ts";
import { type Change, deployment, deployments, rich, web } from "./deployment.fixtures.ts";
import { kindConversations } from "./kind-conversations.ts";
import { patchConversations } from "./patch-conversations.ts";
import { apply, get, merged, patched, remove, type Step } from "./steps.ts";

/** What a real API server answered; `RECORD_ANSWERS=1 npm run test:cluster` writes it anew. */
export const recordedAnswers = new URL("../fixtures/kubernetes-answers.json", import.meta.url);

export function inNamespace(step: Step, namespace: string): Step {
  return JSON.parse(JSON.stringify(step).replaceAll("<ns>", namespace)) as Step;
}

/** Group versions whose kinds are compared. */
export const discovery = [
  ...new Set(
    builtInResources.map(apiVersionOf).map((one) => (one === "v1" ? "/api/v1" : `/apis/${one}`)),
  ),
];

const configMaps = "/api/v1/namespaces/<ns>/configmaps";
const secrets = "/api/v1/namespaces/<ns>/secrets";
const services = "/api/v1/namespaces/<ns>/services";
const pods = "/api/v1/namespaces/<ns>/pods";

const settings = (
  data: unknown,
  rest: { readonly metadata?: object } & Record<string, unknown> = {},
): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  ...(data === undefined ? {} : { data }),
  ...rest,
  metadata: { name: "settings", namespace: "<ns>", ...rest.metadata },
});
const secret = (rest: object): object => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s", namespace: "<ns>" },
  ...rest,
});
const service = (spec: object): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "<ns>" },
  spec,
});

const partOfWeb = (...containers: readonly object[]): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "<ns>" },
  spec: { template: { spec: { containers } } },
});
const pod = (container: object): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "<ns>" },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: "a", image: "a:1", ...container }],
  },
});

const scale = (replicas: number, metadata: object = {}): object => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name: "web", namespace: "<ns>", ...metadata },
  spec: { replicas },
});
const reset = { metadata: { managedFields: [{}] } };

const one = `${configMaps}/settings`;

/** Objects of Deployments that a server refuses, by what is wrong with them. */
const invalid: Readonly<Record<string, Change>> = {
  "no image": { container: { image: "" } },
  "no selector": { spec: { selector: undefined } },
  "an empty selector": { spec: { selector: {} } },
  "a selector of others": { spec: { selector: { matchLabels: { app: "x" } } } },
  "negative replicas": { spec: { replicas: -1 } },
  "no containers": { pod: { containers: [] } },
  "a missing volume": { container: { volumeMounts: [{ name: "x", mountPath: "/x" }] } },
  "a pull policy": { container: { imagePullPolicy: "Sometimes" } },
  "a port": { container: { ports: [{ containerPort: 70_000 }] } },
  "a port of 0": { container: { ports: [{ containerPort: 0 }] } },
  "two ports of a name": {
    container: {
      ports: [
        { containerPort: 1, name: "a" },
        { containerPort: 2, name: "a" },
      ],
    },
  },
  "a restart policy": { pod: { restartPolicy: "Never" } },
  "a strategy": { spec: { strategy: { type: "Foo" } } },
  "a strategy too much": {
    spec: { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
  },
  "no room": { spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } } },
  "a share": { spec: { strategy: { rollingUpdate: { maxSurge: "x" } } } },
  "a deadline": { spec: { progressDeadlineSeconds: 5, minReadySeconds: 10 } },
  "a container's name": { container: { name: "App" } },
  "a variable": { container: { env: [{ name: "a=", value: "1" }] } },
  "no variable's name": { container: { env: [{ value: "1" }] } },
  "a probe": { container: { readinessProbe: {} } },
  requests: { container: { resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } } },
  "a name of two": { pod: { initContainers: [{ name: "app", image: "x" }] } },
  "a volume of two sources": {
    pod: { volumes: [{ name: "a", emptyDir: {}, configMap: { name: "x" } }] },
  },
  much: { container: { image: "" }, spec: { replicas: -1 }, pod: { restartPolicy: "Never" } },
  "an unknown field": { container: { foo: 1 } },
  "a text for a number": { spec: { replicas: "two" } },
  "a fraction": { spec: { replicas: 1.5 } },
  "a text for a truth": { spec: { paused: "yes" } },
  "a text for a list": { pod: { containers: "x" } },
  "a number for a text": { container: { image: 1 } },
  "no quantity": { container: { resources: { limits: { cpu: "much" } } } },
  "a container twice": {
    pod: {
      containers: [
        { name: "app", image: "a" },
        { name: "app", image: "b" },
      ],
    },
  },
};

export const conversations: Readonly<Record<string, readonly Step[]>> = {
  ...customConversations,
  ...patchConversations,
  ...kindConversations,
  "when an object is applied, again, in part and not at all": [
    apply(one, settings({ a: "1" }), "fieldManager=promoter&dryRun=All"),
    get(one),
    apply(one, settings({ a: "1", b: "2" })),
    apply(one, settings({ a: "1", b: "2" })),
    get(one),
    apply(
      one,
      settings({ b: "2" }, { metadata: { labels: { a: "b" }, annotations: { "x/y": "z" } } }),
    ),
    apply(one, settings(undefined)),
    apply(one, settings({})),
  ],
  "when managers share and fight": [
    apply(one, settings({ a: "1", b: "2" })),
    apply(one, settings({ a: "1" }), "fieldManager=other"),
    apply(one, settings({ a: "x" }), "fieldManager=third&dryRun=All"),
    apply(one, settings({ b: "x" }), "fieldManager=third"),
    apply(one, settings({ a: "x" }), "fieldManager=third&force=true"),
    get(one),
    apply(one, settings({ b: "2" })),
    { method: "PATCH", path: one, body: { data: { z: "1" } }, type: merged },
    apply(one, settings({ z: "2" })),
  ],
  "when a manager does not say what it should": [
    apply(one, settings({ a: "1" }), ""),
    apply(one, settings({ a: "1" }), `fieldManager=${"x".repeat(129)}`),
    apply(one, settings({ a: "1" }), "fieldManager=a&dryRun=Some"),
    apply(one, settings({ a: "1" }), "fieldManager=a&fieldValidation=Some"),
    { method: "PATCH", path: `${one}?force=true`, body: {}, type: merged },
    { method: "PATCH", path: one, body: "x", type: "text/plain" },
    { method: "POST", path: configMaps, body: "{}", type: "text/plain" },
  ],
  "when the object is not the one of the address": [
    apply(one, settings({}, { metadata: { name: undefined } })),
    apply(one, settings({}, { metadata: { name: "other" } })),
    apply(one, settings({}, { metadata: { namespace: "default" } })),
    apply(one, settings({}, { kind: "Secret" })),
    apply(one, settings({}, { apiVersion: "v2" })),
    apply(one, settings({}, { kind: undefined })),
    apply(one, settings({}, { apiVersion: undefined })),
    apply(one, settings({}, { metadata: { managedFields: [] } })),
    apply(one, settings({}, { metadata: { uid: "1" } })),
    apply(one, settings({}, { metadata: { namespace: undefined } })),
    apply(one, settings({}, { metadata: { resourceVersion: "1" } })),
    apply(one, settings({}, { metadata: { uid: "1" } })),
    apply(one, ""),
    apply(
      "/api/v1/namespaces/nowhere-at-all/configmaps/settings",
      settings({}, { metadata: { namespace: "nowhere-at-all" } }),
    ),
  ],
  "when a ConfigMap is not valid": [
    apply(one, settings({ a: 1 })),
    apply(one, settings({ a: true })),
    apply(one, settings([1])),
    apply(one, settings({ a: { b: "c" } })),
    apply(one, settings({ "a b": "1" })),
    apply(one, settings({}, { dta: {} })),
    apply(one, settings({ a: "1" }, { binaryData: { a: "AAA=" } })),
    apply(one, settings({}, { metadata: { labels: { a: "b c" } } })),
    apply(one, settings({}, { metadata: { labels: { "x y": "1" } } })),
    apply(one, settings({}, { metadata: { annotations: { "a b": "1" } } })),
    apply(`${configMaps}/Bad_Name`, settings({}, { metadata: { name: "Bad_Name" } })),
    apply(one, settings({ a: null, b: "1" })),
    apply(one, settings({ b: "1" }, { immutable: true })),
    apply(one, settings({ b: "2" }, { immutable: true })),
    apply(one, settings({ b: "1" })),
  ],
  "when objects are posted and put": [
    { method: "POST", path: configMaps, body: settings({ a: "1" }) },
    { method: "POST", path: configMaps, body: settings({ a: "1" }) },
    {
      method: "POST",
      path: configMaps,
      body: settings({}, { metadata: { name: "x", resourceVersion: "1" } }),
    },
    {
      method: "POST",
      path: `${configMaps}?fieldValidation=Strict`,
      body: settings({}, { metadata: { name: "x" }, foo: 1 }),
    },
    {
      method: "POST",
      path: `${configMaps}?dryRun=All`,
      body: settings({}, { metadata: { name: "x" }, foo: 1 }),
    },
    { method: "POST", path: configMaps, body: { metadata: { name: "bare" } } },
    { method: "POST", path: configMaps, body: settings({}, { metadata: { name: undefined } }) },
    {
      method: "POST",
      path: configMaps,
      body: settings({}, { metadata: { name: "x", namespace: "default" } }),
    },
    { method: "PUT", path: one, body: settings({ a: "2" }) },
    {
      method: "PUT",
      path: one,
      body: settings({ a: "3" }, { metadata: { resourceVersion: "1" } }),
    },
    { method: "PUT", path: one, body: settings({}, { metadata: { name: "other" } }) },
    {
      method: "PUT",
      path: `${configMaps}/missing`,
      body: settings({}, { metadata: { name: "missing" } }),
    },
    get(`${configMaps}?fieldSelector=metadata.name%3Dsettings`),
  ],
  "when an object is patched": [
    apply(one, settings({ a: "1" })),
    {
      method: "PATCH",
      path: one,
      body: [{ op: "add", path: "/data/y", value: "1" }],
      type: patched,
    },
    { method: "PATCH", path: one, body: [{ op: "remove", path: "/data/nope" }], type: patched },
    {
      method: "PATCH",
      path: one,
      body: [{ op: "test", path: "/data/y", value: "7" }],
      type: patched,
    },
    { method: "PATCH", path: one, body: { a: 1 }, type: patched },
    { method: "PATCH", path: one, body: { data: { a: null } }, type: merged },
  ],
  "when objects are removed": [
    apply(one, settings({ a: "1" })),
    remove(`${one}?dryRun=All`),
    remove(one, { uid: "1" }),
    remove(one, { resourceVersion: "1" }),
    remove(`${one}?propagationPolicy=Sometimes`),
    remove(one),
    remove(one),
    apply(one, settings({}, { metadata: { finalizers: ["x.example/y"] } })),
    remove(one),
    apply(one, settings({}, { metadata: { finalizers: ["x.example/y", "x.example/z"] } })),
    apply(one, settings({})),
    get(one),
    apply(deployment, web()),
    remove(deployment),
    remove("/api/v1/namespaces/default"),
    remove("/api/v1/namespaces"),
    remove(`${configMaps}?labelSelector=a%3Db`),
  ],
  "when Secrets are applied": [
    apply(`${secrets}/s`, secret({ stringData: { a: "b" } })),
    apply(`${secrets}/s`, secret({ stringData: { a: "c" } })),
    get(`${secrets}/s`),
    apply(`${secrets}/s`, secret({ type: "x.example/y" })),
    remove(`${secrets}/s`),
    apply(`${secrets}/s`, secret({ data: { a: "?!" } })),
    apply(`${secrets}/s`, secret({ type: "kubernetes.io/dockerconfigjson", data: { a: "YQ==" } })),
  ],
  "when Services are applied": [
    apply(`${services}/web`, service({ ports: [{ port: 70_000 }] })),
    apply(`${services}/web`, service({ type: "Foo", ports: [{ port: 80 }] })),
    apply(`${services}/web`, service({ selector: { app: "web" } })),
    apply(
      `${services}/web`,
      service({
        ports: [
          { port: 80, name: "a" },
          { port: 80, name: "b" },
        ],
      }),
    ),
    apply(`${services}/web`, service({ selector: { app: "web" }, ports: [{ port: 80 }] })),
    apply(`${services}/web`, service({ selector: { app: "web" }, ports: [{ port: 80 }] })),
    apply(
      `${services}/web`,
      service({
        selector: { app: "web" },
        ports: [{ port: 81, targetPort: "http", name: "http" }],
      }),
    ),
    apply(`${services}/web`, service({ ports: [{ port: 81, name: "http" }, { port: 82 }] })),
  ],
  "when ports of a Service are there twice": [
    apply(
      `${services}/web`,
      service({
        ports: [
          { port: 80, name: "http" },
          { port: 8080, name: "http" },
        ],
      }),
    ),
    apply(`${services}/web`, service({ ports: [{ port: 80, name: "HTTP" }] })),
    apply(
      `${services}/web`,
      service({
        type: "NodePort",
        ports: [
          { port: 80, name: "a", nodePort: 30_980 },
          { port: 81, name: "b", nodePort: 30_980 },
        ],
      }),
    ),
    {
      method: "POST",
      path: services,
      body: service({
        ports: [
          { port: 80, name: "a" },
          { port: 80, name: "b" },
        ],
      }),
    },
    apply(`${services}/web`, service({ ports: [{ port: 80, name: "http" }] })),
    apply(
      `${services}/web`,
      service({ ports: [{ port: 8080, name: "http" }] }),
      "fieldManager=other",
    ),
  ],
  "when managed fields are reset and replaced": [
    apply(one, settings({ a: "1", b: "2" })),
    { method: "PATCH", path: one, body: reset, type: merged },
    {
      method: "PATCH",
      path: `${one}?fieldManager=person`,
      body: { data: { b: "3" } },
      type: merged,
    },
    apply(one, settings({ a: "1" })),
    apply(one, settings({ a: "1", b: "9" })),
    { method: "PATCH", path: one, body: { metadata: { managedFields: [] } }, type: merged },
    {
      method: "PATCH",
      path: one,
      body: [{ op: "add", path: "/metadata/managedFields", value: [{}] }],
      type: patched,
    },
    apply(one, settings({ a: "1" })),
    {
      method: "PATCH",
      path: one,
      body: [{ op: "replace", path: "/metadata/managedFields", value: null }],
      type: patched,
    },
    {
      method: "PATCH",
      path: one,
      body: [{ op: "replace", path: "/metadata/managedFields/0/manager", value: "renamed" }],
      type: patched,
    },
    { method: "PUT", path: one, body: settings({ a: "2" }) },
    get(one),
  ],
  "when a Deployment is scaled": [
    apply(deployment, web({ spec: { replicas: 1 } })),
    {
      method: "PATCH",
      path: `${deployment}/scale?fieldManager=hpa`,
      body: { spec: { replicas: 0 } },
      type: merged,
    },
    get(deployment),
    apply(deployment, web({ spec: { replicas: 1 } })),
    { method: "PUT", path: `${deployment}/scale`, body: scale(-1) },
    { method: "PUT", path: `${deployment}/scale?dryRun=All`, body: scale(3) },
    { method: "PUT", path: `${deployment}/scale`, body: scale(3, { resourceVersion: "1" }) },
    {
      method: "PATCH",
      path: `${deployment}/scale?fieldManager=other`,
      body: [{ op: "add", path: "/spec/replicas", value: 2 }],
      type: patched,
    },
    get(deployment),
    { method: "DELETE", path: `${deployment}/scale` },
    get(`${deployments}/none/scale`),
  ],
  "when namespaces are made and finalized": [
    {
      method: "POST",
      path: "/api/v1/namespaces",
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "<ns>-more" },
        spec: { finalizers: ["x.example/y"] },
      },
    },
    {
      method: "POST",
      path: "/api/v1/namespaces",
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "<ns>-more" } },
    },
    {
      method: "PATCH",
      path: "/api/v1/namespaces/<ns>-more",
      body: { spec: { finalizers: ["z.example/z"] } },
      type: merged,
    },
    {
      method: "PUT",
      path: "/api/v1/namespaces/<ns>-more/finalize",
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "<ns>-more" },
        spec: { finalizers: ["kubernetes"] },
      },
    },
    get("/api/v1/namespaces/<ns>-more/finalize"),
    remove("/api/v1/namespaces/<ns>-more"),
  ],
  "when images have blanks around them": [
    apply(deployment, web({ container: { image: " registry.example/web:1" } })),
    apply(`${pods}/p`, pod({ image: "a:1 " })),
    {
      method: "POST",
      path: pods,
      body: {
        ...pod({}),
        spec: {
          automountServiceAccountToken: false,
          containers: [{ name: "a", image: "a:1" }],
          initContainers: [{ name: "b", image: " b" }],
        },
      },
    },
  ],
  "when a Deployment with everything is applied": [
    apply(deployment, rich, "fieldManager=promoter&dryRun=All"),
    apply(deployment, rich),
    apply(deployment, rich),
    get(deployment),
  ],
  "when quantities are written in many ways": [
    "0.1",
    "1000",
    "0",
    "1e3",
    "12e6",
    "1.5Gi",
    "1000Mi",
    "1024Mi",
    "1000M",
    "1Ki",
    "1500m",
    "1E",
    "0.0001",
    2,
    2.5,
  ].map((cpu) => apply(deployment, web({ container: { resources: { limits: { cpu } } } }))),
  "when lists merge by their keys": [
    apply(
      deployment,
      web({
        container: {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          ports: [{ containerPort: 80 }],
        },
      }),
    ),
    apply(
      deployment,
      web({
        container: {
          env: [
            { name: "B", value: "2" },
            { name: "A", value: "1" },
          ],
        },
      }),
    ),
    apply(
      deployment,
      partOfWeb({ name: "app", env: [{ name: "O", value: "o" }] }),
      "fieldManager=other",
    ),
    apply(deployment, partOfWeb({ name: "side", image: "side:1" }), "fieldManager=injector"),
    apply(
      deployment,
      web({
        container: {
          env: [
            { name: "C", value: "3" },
            { name: "B", value: "2" },
          ],
          ports: [{ containerPort: 80, protocol: "UDP" }],
        },
      }),
    ),
    apply(
      deployment,
      web({ container: { image: "x:3" }, spec: { replicas: 1 } }),
      "fieldManager=other",
    ),
    apply(
      deployment,
      web({
        container: {
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "2" },
          ],
        },
      }),
    ),
    apply(
      deployment,
      web({
        container: { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }] },
      }),
    ),
    get(deployment),
  ],
  "when a Deployment is patched": [
    apply(deployment, web()),
    {
      method: "PATCH",
      path: `${deployment}?fieldManager=scaler`,
      body: { spec: { paused: true } },
      type: merged,
    },
    {
      method: "PATCH",
      path: `${deployment}/status?fieldManager=st`,
      body: { status: { replicas: 7 } },
      type: merged,
    },
  ],
  "when pods are applied": [apply(`${pods}/p`, pod({})), apply(`${pods}/p`, pod({ image: "a:2" }))],
  "when it is asked for the log of a pod that is on no node": [
    apply(`${pods}/p`, pod({})),
    get(`${pods}/p/log`),
    get(`${pods}/p/log?container=a&tailLines=3&limitBytes=100`),
    get(`${pods}/p/log?container=b`),
    get(`${pods}/p/log?tailLines=-1&limitBytes=0`),
    get(`${pods}/none/log`),
    { method: "POST", path: `${pods}/p/log` },
  ],
  "when managed fields are migrated by a patch that names a version": [
    apply(one, settings({ a: "1" })),
    {
      method: "PATCH",
      path: `${one}?dryRun=All`,
      body: [{ op: "replace", path: "/metadata/managedFields", value: [{}] }],
      type: patched,
    },
    {
      method: "PATCH",
      path: one,
      body: [
        { op: "replace", path: "/metadata/managedFields", value: [{}] },
        { op: "replace", path: "/metadata/resourceVersion", value: "1" },
      ],
      type: patched,
    },
    {
      method: "PATCH",
      path: one,
      body: [
        {
          op: "replace",
          path: "/metadata/managedFields",
          value: [
            {
              manager: "promoter",
              operation: "Apply",
              apiVersion: "v1",
              fieldsType: "FieldsV1",
              fieldsV1: { "f:data": { "f:a": {} } },
            },
            {
              manager: "kubelet",
              operation: "Update",
              apiVersion: "v1",
              subresource: "status",
              fieldsType: "FieldsV1",
              fieldsV1: { "f:metadata": { "f:labels": { "f:x": {} } } },
            },
          ],
        },
      ],
      type: patched,
    },
    get(one),
    apply(one, settings({ a: "2" }, { metadata: { resourceVersion: "1" } })),
    apply(one, settings({ a: "2" })),
  ],
  "when a Deployment is removed after its dependents": [
    apply(deployment, web()),
    remove(`${deployment}?propagationPolicy=Foreground`),
  ],
  "when a Deployment is removed without its dependents": [
    apply(deployment, web()),
    remove(`${deployment}?propagationPolicy=Orphan`),
  ],
  "when it is asked for what is not there": [
    get("/apis/none.example/v1/namespaces/<ns>/widgets"),
    get(`${configMaps}/none`),
    get(`${configMaps}?labelSelector=a%3D%3D%3Db`),
    get(`${configMaps}?limit=x`),
    get(`${configMaps}?watch=1&resourceVersion=abc`),
    get(`${configMaps}?watch=1&sendInitialEvents=true`),
    get(`${configMaps}?watch=1&resourceVersionMatch=NotOlderThan`),
    get("/apis/none.example/v1"),
    get("/apis/none.example"),
    get("/nonsense"),
    get("/api/v2"),
    get("/apis/apps/v2"),
    get("/apis/apps"),
    get("/apis/apps/v1/namespaces/<ns>/gadgets"),
    get("/api/v1/namespaces/<ns>/gadgets/x"),
    get(`${one}/status`),
    { method: "POST", path: deployment },
    { method: "PUT", path: deployments },
    { method: "PATCH", path: deployments },
    { method: "DELETE", path: "/version" },
    { method: "POST", path: "/api" },
  ],
  ...Object.fromEntries(
    Object.entries(invalid).map(([what, change]) => [
      `when a Deployment is wrong: ${what}`,
      [apply(deployment, web(change))],
    ]),
  ),
};
