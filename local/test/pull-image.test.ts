import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { pullImage } from "../pull-image.ts";

const registry = { account: "111122223333", region: "eu-west-1" };

it.each([
  [200, "ok"],
  [307, "ok"],
  [404, "error"],
  [403, "error"],
])("a registry that answers %i for a layer: %s", async (status, kind) => {
  const origin = await registryThatAnswers(status);
  const reference = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api:prod-1";
  expect(
    await pullImage({
      origin,
      registry,
      reference,
      platform: { os: "linux", architecture: "amd64" },
      credentials: { user: "AWS", password: "token" },
    }),
  ).toMatchObject({ kind });
});

it.each([
  "111122223333.dkr-ecr.eu-west-1.on.aws",
  "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com:443",
])("a layer that is missing is noticed under the name %s of the registry, too", async (host) => {
  const origin = await registryThatAnswers(404);
  const pull = {
    origin,
    registry,
    platform: { os: "linux", architecture: "amd64" },
    credentials: { user: "AWS", password: "token" },
  };
  expect(await pullImage({ ...pull, reference: `${host}/orderbook-api:prod-1` })).toMatchObject({
    kind: "error",
  });
});

it.each([
  "envoyproxy/envoy:v1.30",
  "ghcr.io/orderbook-api:1",
  "nginx",
  "999988887777.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api:prod-1",
])("%s, of a registry that cannot be reached from here, counts as there", async (reference) => {
  const nowhere = {
    origin: "http://127.0.0.1:1",
    credentials: { user: "AWS", password: "token" },
    platform: { os: "linux", architecture: "amd64" },
  };
  expect(await pullImage({ ...nowhere, registry, reference })).toEqual({ kind: "ok" });
});

async function registryThatAnswers(status: number): Promise<string> {
  const manifest = JSON.stringify({
    config: { digest: "sha256:c" },
    layers: [{ digest: "sha256:l" }],
  });
  const server = createServer(({ url = "" }, response) => {
    if (url.includes("/manifests/")) {
      response
        .writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" })
        .end(manifest);
    } else response.writeHead(status, { location: "https://elsewhere.example.com/layer" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
