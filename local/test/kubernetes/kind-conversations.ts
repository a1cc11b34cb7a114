import { apply, remove, type Step } from "./steps.ts";

/** A small object of every kind that a team's manifests hold, without what is the same in all. */
const labels = { app: "one" };
const containers = [{ name: "app", image: "registry.example/web:1" }];
const selector = { matchLabels: labels };
const template = { metadata: { labels }, spec: { containers } };
const jobTemplate = { spec: { containers, restartPolicy: "Never" } };
const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const subjects = [{ kind: "ServiceAccount", name: "one", namespace: "<ns>" }];
const role = (kind: string): object => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: "one" },
  subjects,
});
const clientConfig = { url: "https://webhook.example.com/" };
const webhook = {
  name: "one.example.com",
  clientConfig,
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};

type Kind = readonly [apiVersion: string, plural: string, kind: string, rest: object];

const namespaced: readonly Kind[] = [
  ["v1", "configmaps", "ConfigMap", { data: { a: "1" } }],
  ["v1", "secrets", "Secret", { stringData: { a: "1" } }],
  ["v1", "services", "Service", { spec: { selector: labels, ports: [{ port: 80 }] } }],
  ["v1", "serviceaccounts", "ServiceAccount", { imagePullSecrets: [{ name: "pull" }] }],
  [
    "v1",
    "limitranges",
    "LimitRange",
    { spec: { limits: [{ type: "Container", default: { cpu: "1" } }] } },
  ],
  ["v1", "podtemplates", "PodTemplate", { template }],
  ["v1", "resourcequotas", "ResourceQuota", { spec: { hard: { pods: "4" } } }],
  [
    "apps/v1",
    "controllerrevisions",
    "ControllerRevision",
    { revision: 1, data: { a: { b: [1] } } },
  ],
  ["apps/v1", "daemonsets", "DaemonSet", { spec: { selector, template } }],
  ["apps/v1", "deployments", "Deployment", { spec: { replicas: 0, selector, template } }],
  ["apps/v1", "replicasets", "ReplicaSet", { spec: { replicas: 0, selector, template } }],
  [
    "apps/v1",
    "statefulsets",
    "StatefulSet",
    {
      spec: {
        serviceName: "one",
        selector,
        template,
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      },
    },
  ],
  ["batch/v1", "jobs", "Job", { spec: { template: jobTemplate } }],
  [
    "batch/v1",
    "cronjobs",
    "CronJob",
    { spec: { schedule: "@daily", jobTemplate: { spec: { template: jobTemplate } } } },
  ],
  [
    "autoscaling/v2",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    {
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "one" },
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
        ],
      },
    },
  ],
  ["coordination.k8s.io/v1", "leases", "Lease", { spec: { holderIdentity: "one" } }],
  [
    "discovery.k8s.io/v1",
    "endpointslices",
    "EndpointSlice",
    { addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"] }], ports: [{ port: 80 }] },
  ],
  [
    "networking.k8s.io/v1",
    "ingresses",
    "Ingress",
    {
      spec: {
        rules: [
          {
            host: "one.example.com",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "one", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  ],
  [
    "networking.k8s.io/v1",
    "networkpolicies",
    "NetworkPolicy",
    {
      spec: {
        podSelector: {},
        ingress: [{ from: [{ podSelector: selector }], ports: [{ port: 80 }] }],
      },
    },
  ],
  [
    "policy/v1",
    "poddisruptionbudgets",
    "PodDisruptionBudget",
    { spec: { selector, minAvailable: 1 } },
  ],
  ["rbac.authorization.k8s.io/v1", "roles", "Role", { rules }],
  ["rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding", role("Role")],
];

const clusterWide: readonly Kind[] = [
  [
    "admissionregistration.k8s.io/v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    { webhooks: [webhook] },
  ],
  [
    "admissionregistration.k8s.io/v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    { webhooks: [webhook] },
  ],
  [
    "networking.k8s.io/v1",
    "ingressclasses",
    "IngressClass",
    { spec: { controller: "example.com/one" } },
  ],
  ["node.k8s.io/v1", "runtimeclasses", "RuntimeClass", { handler: "one" }],
  ["rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", { rules }],
  [
    "rbac.authorization.k8s.io/v1",
    "clusterrolebindings",
    "ClusterRoleBinding",
    role("ClusterRole"),
  ],
  ["scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", { value: 7 }],
  ["storage.k8s.io/v1", "storageclasses", "StorageClass", { provisioner: "example.com/one" }],
];

interface Sample {
  readonly path: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
}

function sampleOf([apiVersion, plural, kind, rest]: Kind, isNamespaced: boolean): Sample {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const name = isNamespaced ? "one" : "<ns>";
  const place = isNamespaced ? "/namespaces/<ns>" : "";
  const metadata = { name, ...(isNamespaced ? { namespace: "<ns>" } : {}) };
  const path = `${root}${place}/${plural}/${name}`;
  return { path, object: { apiVersion, kind, metadata, ...rest } };
}

/** In the namespace `<ns>`, or by this name where a kind has none. */
export const samples: readonly Sample[] = [
  ...namespaced.map((one) => sampleOf(one, true)),
  ...clusterWide.map((one) => sampleOf(one, false)),
];

/** With a field that there is not, applied, again, by somebody else, and removed. */
function conversation({ path, object }: Sample): readonly Step[] {
  const labelled = { ...object, metadata: { ...object.metadata, labels } };
  return [
    apply(path, { ...object, brandNew: 1 }),
    apply(path, object),
    apply(path, object),
    apply(path, labelled, "fieldManager=other"),
    remove(path),
  ];
}

export const kindConversations: Readonly<Record<string, readonly Step[]>> = Object.fromEntries(
  samples.map((sample) => [`when a ${sample.object.kind} is applied`, conversation(sample)]),
);
