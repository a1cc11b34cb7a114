import {
  checkConfiguration,
  type LoadedConfiguration,
} from "../../../src/config/load-configuration.ts";

export const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

/** Two environments, one after the other. */
export const base = `registry: { account: "111122223333", region: eu-west-1 }
clusters:
  prod: { eks: prod, region: eu-west-1 }
  test: { context: kind-test }
applications:
  shop:
    images: [shop-api]
    source: { tag: "dev-{version}" }
    environments:
      staging:
        tags: { release: "staging-{version}" }
        podSpec: { cluster: test, namespace: shop, files: deploy }
      production:
        after: staging
        tags: { release: "prod-{version}", moving: prod }
        podSpec: { cluster: prod, namespace: shop, files: deploy }
`;

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - { name: api, image: ${host}/shop-api }
`;

export async function load(
  text: string,
  ...files: readonly string[]
): Promise<LoadedConfiguration> {
  return checkConfiguration({ file: "promoter.yml", text }, (folder) =>
    Promise.resolve(
      folder === "deploy"
        ? files.map((content, index) => ({ file: `deploy/${index}.yaml`, text: content }))
        : undefined,
    ),
  );
}

/** `line:column message -> remedy` of every fault, the file left out where it is promoter.yml. */
export async function told(text: string, ...files: readonly string[]): Promise<readonly string[]> {
  const loaded = await load(text, ...files);
  return loaded.kind === "ok"
    ? []
    : loaded.faults.map(
        ({ file, line, column, message, remedy }) =>
          `${file === "promoter.yml" ? "" : `${file}:`}${line}:${column} ${message} -> ${remedy}`,
      );
}
