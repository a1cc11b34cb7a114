import { describe, expect, it } from "vitest";
import {
  checkConfiguration,
  type LoadedConfiguration,
} from "../../../src/config/load-configuration.ts";

const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const applications = Array.from({ length: 100 }, (_, index) => `app-${index}`);

/** One anchor, used by all: more often than the YAML library's limit for texts of strangers. */
function application(name: string, index: number): string {
  const approval =
    index === 0 ? '&people { slack: "#releases", approvers: [U012AB3CD] }' : "*people";
  return `  ${name}:
    images: [${name}/api, ${name}/ui, ${name}/job]
    source: { tag: "dev-{version}" }
    environments:
      staging:
        tags: { release: "staging-{version}" }
        podSpec: { cluster: main, namespace: ${name}-staging, files: deploy/${name} }
      production:
        after: staging
        tags: { release: "prod-{version}", moving: prod }
        approval: ${approval}
        podSpec: { cluster: main, namespace: ${name}, files: deploy/${name} }
`;
}

const text = `registry: { account: "111122223333", region: eu-west-1 }
clusters: { main: { eks: main, region: eu-west-1 } }
applications:
${applications.map(application).join("")}`;

function objects(folder: string): string {
  const name = folder.replace("deploy/", "");
  const containers = ["api", "ui", "job"]
    .map((member) => `        - { name: ${member}, image: ${host}/${name}/${member} }`)
    .join("\n");
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: all }
spec:
  selector: { matchLabels: { app: all } }
  template:
    metadata: { labels: { app: all } }
    spec:
      containers:
${containers}
`;
}

async function load(): Promise<LoadedConfiguration> {
  return checkConfiguration({ file: "promoter.yml", text }, (folder) =>
    Promise.resolve([{ file: `${folder}/all.yaml`, text: objects(folder) }]),
  );
}

describe("a configuration of 100 applications with 3 images and 2 environments each", () => {
  it("is loaded in under a second of computing", async () => {
    const before = process.threadCpuUsage();
    const loaded = await load();
    const { user, system } = process.threadCpuUsage(before);
    expect(loaded.kind === "ok" ? Object.keys(loaded.podSpecs).length : loaded.faults).toBe(200);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
