import { gzipSync } from "node:zlib";
import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { describe, expect, it } from "vitest";
import { readObjectArchive } from "../../../../src/config/objects/read-archive.ts";
import { writeTar } from "../../../../src/domain/artifact/write-tar.ts";
import type { ArchivedObjects } from "../../../../src/ports/object-archives.ts";
import { base, deployment, load } from "../shop-project.ts";

async function read(bytes: Uint8Array, environment = "production"): Promise<ArchivedObjects> {
  const loaded = await load(base.replaceAll("files: deploy", "artifact: shop-manifests"));
  if (loaded.kind === "faulty") throw new Error("the configuration has faults");
  const { configuration } = loaded;
  return readObjectArchive({
    bytes,
    configuration,
    application: "shop",
    environment,
    schemas: loadKubernetesSchemas(),
  });
}

function tar(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    content: Buffer.from(content),
  }));
  return Buffer.from(writeTar(entries));
}

const objects = { "production/api.yaml": deployment, "staging/api.yaml": deployment };

it.each([
  ["compressed", gzipSync(tar(objects))],
  ["plain", tar(objects)],
])("the objects of one environment are read, with their namespace: %s", async (_, bytes) => {
  expect(await read(bytes)).toEqual({
    kind: "objects",
    objects: [expect.objectContaining({ metadata: { name: "api", namespace: "shop" } })],
  });
});

describe("a fault is told with its place:", () => {
  const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n";
  it.each<readonly [string, Uint8Array, RegExp]>([
    [
      "a broken gzip",
      gzipSync(tar(objects)).subarray(0, 100),
      /^the archive cannot be read: its gzip is broken$/,
    ],
    [
      "bytes after the gzip",
      Buffer.concat([gzipSync(tar(objects)), Buffer.from("x")]),
      /there are bytes after its gzip|its gzip is broken/,
    ],
    [
      "a bomb",
      gzipSync(Buffer.alloc(100_000_000)),
      /^the archive cannot be read: it holds more than 8 MiB$/,
    ],
    ["a large tar", Buffer.alloc(9_000_000), /it holds more than 8 MiB$/],
    [
      "another file",
      Buffer.from(deployment),
      /^the archive cannot be read: it is (?:not a tar|cut off)/,
    ],
    [
      "no folder",
      tar({ "test/a.yaml": deployment }),
      /^the archive has no objects here: it has no folder production with/,
    ],
    [
      "no objects",
      tar({ "production/a.yaml": "# nothing\n" }),
      /^the files of production in the archive contain no objects$/,
    ],
    [
      "a syntax error",
      tar({ "production/a.yaml": "a: b: c\n" }),
      /^production\/a\.yaml:1:\d+ in the archive: this is not valid YAML/,
    ],
    [
      "a field of the server",
      tar({ "production/a.yaml": deployment.replace("name:", "uid: a, name:") }),
      /^production\/a\.yaml:\d+:\d+ in the archive: metadata.uid is written by the API server; remove it$/,
    ],
    [
      "a Secret",
      tar({ "production/a.yaml": secret }),
      /^production\/a\.yaml:2:7 in the archive: .*Secret/,
    ],
    [
      "a chart",
      tar({ "production/Chart.yaml": "name: a\nversion: 1\n" }),
      /this is the description of a Helm chart/,
    ],
    [
      "bytes that are no text",
      tar({ "production/a.yaml": Buffer.from([0xff]) }),
      /this file is not UTF-8 text/,
    ],
  ])("%s", async (_, bytes, fault) => {
    expect(await read(bytes)).toEqual({ kind: "faulty", faults: [expect.stringMatching(fault)] });
  });

  it("an environment that is gone", async () => {
    expect(await read(tar(objects), "test")).toEqual({
      kind: "faulty",
      faults: ["promoter.yml has no test of shop"],
    });
  });
});
