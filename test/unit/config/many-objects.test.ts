import { expect, it } from "vitest";
import { checkConfiguration } from "../../../src/config/load-configuration.ts";

const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const configuration = `registry: { account: "111122223333", region: eu-west-1 }
clusters: { prod: { eks: prod, region: eu-west-1 } }
applications:
  shop:
    images: [shop]
    source: { tag: "dev-{version}", order: semver }
    environments:
      production:
        tags: { release: "prod-{version}" }
        podSpec: { cluster: prod, namespace: shop, files: deploy }
`;

/** Five objects in one file. */
function aService(index: number): string {
  const name = `app-${index}`;
  const settings = Array.from({ length: 40 }, (_, line) => `    key${line}=value\n`).join("");
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: ${registry}/shop
          ports: [{ name: http, containerPort: 8080 }]
          env: [{ name: A, valueFrom: { configMapKeyRef: { name: ${name}, key: a } } }]
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
          readinessProbe: { httpGet: { path: /healthz, port: http } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data:
  a: b
  app.properties: |
${settings}---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name} }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { minAvailable: 1, selector: { matchLabels: { app: ${name} } } }
`;
}

it("500 objects take less than 2 seconds of one processor", async () => {
  const files = Array.from({ length: 100 }, (_, index) => ({
    file: `deploy/app-${index}.yaml`,
    text: aService(index),
  }));
  const start = process.cpuUsage();
  const loaded = await checkConfiguration({ file: "promoter.yml", text: configuration }, () =>
    Promise.resolve(files),
  );
  const { user, system } = process.cpuUsage(start);
  expect(loaded.kind === "ok" && loaded.podSpecs["shop/production"]?.length).toBe(500);
  expect((user + system) / 1_000_000).toBeLessThan(2);
});
