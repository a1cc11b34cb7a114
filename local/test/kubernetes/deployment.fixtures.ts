export const deployments = "/apis/apps/v1/namespaces/<ns>/deployments";
export const deployment = `${deployments}/web`;

export interface Change {
  readonly container?: object;
  readonly pod?: object;
  readonly spec?: object;
}

/** A Deployment `web` without pods. */
export const web = ({ container = {}, pod = {}, spec = {} }: Change = {}): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "<ns>" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [{ name: "app", image: "registry.example/web:1", ...container }],
        ...pod,
      },
    },
    ...spec,
  },
});
/** A Deployment with everything that the server fills in or writes in another way. */
export const rich = web({
  spec: { minReadySeconds: 5 },
  container: {
    ports: [
      { containerPort: 80, name: "http" },
      { containerPort: 81, protocol: "UDP" },
    ],
    envFrom: [{ configMapRef: { name: "settings" } }],
    env: [
      { name: "A", value: "1" },
      { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    resources: {
      requests: { cpu: "0.5", memory: "1024Mi" },
      limits: { cpu: 1.5, memory: "1.5Gi" },
    },
    securityContext: { capabilities: { drop: ["ALL"] } },
    readinessProbe: { httpGet: { port: "http" } },
    livenessProbe: { tcpSocket: { port: 80 } },
    lifecycle: { preStop: { httpGet: { port: 80 } } },
    volumeMounts: [{ name: "c", mountPath: "/c" }],
  },
  pod: {
    serviceAccountName: "sa",
    initContainers: [{ name: "init", image: "busybox" }],
    tolerations: [{ key: "a", operator: "Exists" }],
    imagePullSecrets: [{ name: "pull" }],
    volumes: [
      { name: "c", configMap: { name: "settings" } },
      { name: "s", secret: { secretName: "s" } },
      { name: "h", hostPath: { path: "/x" } },
      { name: "n" },
      {
        name: "d",
        downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "metadata.name" } }] },
      },
      { name: "p", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
    ],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ],
  },
});
