/** Objects whose controllers a stand-in plays, by the path of each. */
export const standing = (namespace: string): Readonly<Record<string, object>> => {
  const containers = [{ name: "app", image: "registry.example/web:1" }];
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers } };
  const selector = { matchLabels: labels };
  const meta = { metadata: { name: "one", namespace } };
  return {
    [`/apis/apps/v1/namespaces/${namespace}/statefulsets/one`]: {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      ...meta,
      spec: { replicas: 3, serviceName: "one", selector, template },
    },
    [`/apis/apps/v1/namespaces/${namespace}/daemonsets/one`]: {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      ...meta,
      spec: { selector, template },
    },
    [`/apis/batch/v1/namespaces/${namespace}/jobs/one`]: {
      apiVersion: "batch/v1",
      kind: "Job",
      ...meta,
      spec: {
        completions: 2,
        backoffLimit: 1,
        template: { spec: { restartPolicy: "Never", containers } },
      },
    },
    [`/api/v1/namespaces/${namespace}/persistentvolumeclaims/one`]: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      ...meta,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  };
};

/** A definition of widgets with a status, in a group of its own, and the path of a widget. */
export const widgetDefinition = (group: string): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    ],
  },
});
export const widget = (group: string, namespace: string): object => ({
  apiVersion: `${group}/v1`,
  kind: "Widget",
  metadata: { name: "one", namespace },
  spec: { size: 1 },
});
