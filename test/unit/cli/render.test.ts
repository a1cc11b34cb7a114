import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { render } from "../../../cli/commands/render.ts";

const promoterYml = `registry: { account: "123456789012", region: eu-west-1 }
clusters: { prod: { context: prod } }
applications:
  shop:
    images: [api]
    source: { tag: "dev-{version}" }
    environments:
      production:
        podSpec: { cluster: prod, namespace: shop, files: deploy }
`;

it.each(["a\n\n", "b  \n", "c\n \n"])("the last text ends as it is written: %j", async (text) => {
  const root = await mkdtemp(join(tmpdir(), "promoter-render-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "api" },
    spec: {
      containers: [{ name: "api", image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api" }],
    },
  };
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "last" }, data: { text } };
  await mkdir(join(root, "deploy"));
  await writeFile(join(root, "promoter.yml"), promoterYml);
  await writeFile(join(root, "deploy", "a.json"), JSON.stringify(pod));
  await writeFile(join(root, "deploy", "b.json"), JSON.stringify(map));
  let printed = "";
  const line = (more = ""): void => void (printed += `${more}\n`);
  await render(
    { root, config: "promoter.yml", application: "shop", environment: "production" },
    { line, error: line, style: (_, one) => one, interactive: false },
  );
  expect(parse(printed.split("---\n").at(-1) ?? "")).toMatchObject({ data: { text } });
});
