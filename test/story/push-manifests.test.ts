import { createServer } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { folderWith, pushFolder, registryOf, type PushedManifests } from "./push-to.ts";
import { parseConfiguration } from "./shop.ts";
import { startWorld } from "./start-world.ts";

const manifests = (content = "kind: Service\n"): Promise<string> =>
  folderWith({ "production/api.yaml": content });

const push = (
  { target, folder }: { readonly target: string; readonly folder: string },
  registry: Parameters<typeof pushFolder>[2],
): Promise<PushedManifests> => pushFolder(target, folder, registry);

it("push-manifests pushes an artifact, and nothing when the tag has it already", async () => {
  const world = await startWorld();
  const target = "orderbook-api:objects-1.4.2";
  const folder = await manifests();
  const first = await push({ target, folder }, registryOf(world));
  expect(first).toMatchObject({ outcome: "pushed", files: 1 });
  expect(await push({ target, folder: await manifests() }, registryOf(world))).toMatchObject({
    outcome: "was there",
    digest: first.digest,
  });
  const other = await push(
    { target, folder: await manifests("kind: Secret\n") },
    registryOf(world),
  );
  expect(other).toMatchObject({ outcome: "pushed" });
  expect(other.digest).not.toBe(first.digest);
});

it("objects that a promotion would refuse are not pushed, where promoter.yml names the repository", async () => {
  const { configuration } = await parseConfiguration((yaml) =>
    yaml.replace("files: deploy/orderbook", "artifact: orderbook-manifests"),
  );
  const folder = await folderWith({
    "staging/api.yaml": "kind: Whatever\n",
    "production/api.yaml":
      "apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { prots: [] }\n",
  });
  const target = "orderbook-manifests:dev-1.4.2";
  const nowhere = { origin: "http://127.0.0.1:1", configuration };
  await expect(pushFolder(target, folder, nowhere)).rejects.toThrow(
    /^production\/api\.yaml:4:\d+ in the archive: .*prots.*\n\n1 fault; nothing was pushed\.$/,
  );
  const empty = await folderWith({ "staging/api.yaml": "kind: Whatever\n" });
  await expect(pushFolder(target, empty, nowhere)).rejects.toThrow(
    /^production: the archive has no objects here: it has no folder production/,
  );
});

it("what the registry refuses is told in its words", async () => {
  const world = await startWorld();
  const folder = await manifests();
  await expect(
    push({ target: "nobodys-repository:dev-1", folder }, registryOf(world)),
  ).rejects.toThrow(/refused nobodys-repository:dev-1: 404 .*NAME_UNKNOWN/);
  await expect(
    push({ target: "orderbook-api:dev-1", folder }, { ...registryOf(world), password: "wrong" }),
  ).rejects.toThrow(/refused orderbook-api:dev-1: 401/);
});

it.each([
  "orderbook-manifests",
  "orderbook-manifests:",
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-manifests:dev-1",
  `orderbook-manifests@sha256:${"a".repeat(64)}`,
  "Orderbook:dev-1",
])("a target that is no repository with a tag is a usage error: %s", async (target) => {
  await expect(
    push({ target, folder: await manifests() }, { origin: "http://127.0.0.1:1" }),
  ).rejects.toMatchObject({ exitCode: 2 });
});

it("what fails once is tried again, and credentials go to the registry alone", async () => {
  const seen: string[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(`elsewhere ${request.method} ${request.headers.authorization ?? "nobody"}`);
    response.writeHead(201).end();
  });
  let failed = false;
  const registry = createServer((request, response) => {
    const { method = "" } = request;
    if (method === "HEAD" && !failed) {
      failed = true;
      response.writeHead(503).end();
    } else if (method === "HEAD") response.writeHead(404).end();
    else if (method === "POST") {
      response.writeHead(202, { location: `${originOf(elsewhere)}/upload?state=1` }).end();
    } else response.writeHead(201).end();
  });
  for (const server of [elsewhere, registry]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
  }
  const folder = await manifests();
  const outcome = await push(
    { target: "orderbook-manifests:dev-1", folder },
    { origin: originOf(registry) },
  );
  expect(outcome).toMatchObject({ outcome: "pushed" });
  expect(seen).toEqual(["elsewhere PUT nobody", "elsewhere PUT nobody"]);
});

function originOf(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}
