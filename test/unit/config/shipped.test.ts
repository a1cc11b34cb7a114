import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatFaults } from "../../../src/config/format-faults.ts";
import { configurationJsonSchema } from "../../../src/config/json-schema.ts";
import {
  checkConfiguration,
  loadConfiguration,
  type LoadedConfiguration,
} from "../../../src/config/load-configuration.ts";
import { configurationReference } from "../../../src/config/reference.ts";

const root = join(import.meta.dirname, "../../..");
const read = async (file: string): Promise<string> => readFile(join(root, file), "utf8");

async function shipped(): Promise<Extract<LoadedConfiguration, { kind: "ok" }>> {
  const loaded = await loadConfiguration({ root, config: "promoter.yml" });
  if (loaded.kind === "ok") return loaded;
  throw new Error(formatFaults(loaded.faults));
}

describe("promoter.yml as shipped", () => {
  it("is the orderbook application, without faults", async () => {
    const { configuration, podSpecs } = await shipped();
    expect(configuration.registry).toEqual({
      account: "111122223333",
      region: "eu-west-1",
      putImageRate: 10,
    });
    expect(configuration.applications["orderbook"]).toMatchObject({
      name: "orderbook",
      members: [{ name: "orderbook-api" }, { name: "orderbook-ui" }],
      source: { tag: { prefix: "dev-", suffix: "" }, order: "semver", settle: 120_000 },
      environments: {
        production: {
          name: "production",
          tags: { release: { prefix: "prod-", suffix: "" }, moving: "prod" },
          rules: {
            scan: { critical: 0, high: 0, unscanned: "refuse", wait: 1_800_000 },
            platforms: ["linux/amd64"],
            age: 0,
          },
          approval: {
            channel: "#releases",
            approvers: ["U012AB3CD"],
            required: 1,
            expires: 86_400_000,
            requester: "may-not-approve",
          },
          podSpec: {
            cluster: "orderbook-prod",
            namespace: "orderbook",
            objects: { kind: "files", folder: "deploy/orderbook" },
            rollout: 600_000,
            force: false,
            kinds: [],
            restartOnConfig: true,
            images: "fields",
          },
        },
      },
    });
    expect(
      podSpecs["orderbook/production"]?.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ).toEqual([
      "ConfigMap orderbook-api",
      "Deployment orderbook-api",
      "Service orderbook-api",
      "Namespace orderbook",
      "Deployment orderbook-ui",
      "Service orderbook-ui",
    ]);
  });

  it("tells editors where its schema is", async () => {
    expect((await read("promoter.yml")).split("\n")[0]).toBe(
      "# yaml-language-server: $schema=./promoter.schema.json",
    );
  });

  it("is plain JSON once it is read, as the functions get it", async () => {
    const loaded = await shipped();
    expect(JSON.parse(JSON.stringify(loaded))).toEqual(loaded);
  });
});

describe("what derives from the schema is up to date (else: npm run schema)", () => {
  it("promoter.schema.json", async () => {
    expect(JSON.parse(await read("promoter.schema.json"))).toEqual(configurationJsonSchema());
  });

  it("the reference in docs/configuration.md", async () => {
    expect(await read("docs/configuration.md")).toContain(`\n\n${configurationReference()}\n\n`);
  });

  it("with a description of every key", () => {
    const undescribed = configurationReference()
      .split("\n")
      .filter((row) => /^\| `.*\| +\|$/.test(row));
    expect(undescribed).toEqual([]);
  });
});

it("the example of docs/configuration.md is a valid configuration", async () => {
  const example = /```yaml\n([^]*?)```/.exec(await read("docs/configuration.md"))?.[1] ?? "";
  const files = await Promise.all(
    ["api.yaml", "ui.yaml", "namespace.yaml"].map(async (name) => ({
      file: name,
      text: await read(`deploy/orderbook/${name}`),
    })),
  );
  expect(
    await checkConfiguration({ file: "example.yml", text: example }, () => Promise.resolve(files)),
  ).toMatchObject({ kind: "ok" });
});

it("a configuration that cannot be read is one fault", async () => {
  expect(await loadConfiguration({ root, config: "nowhere.yml" })).toMatchObject({
    kind: "faulty",
    faults: [{ file: "nowhere.yml", line: 1, column: 1 }],
  });
});
