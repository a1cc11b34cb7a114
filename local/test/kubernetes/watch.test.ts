import { KubeConfig, Watch } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type ACluster, aConfigMap, aDeployment } from "./a-cluster.ts";

// Expectations: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes, and what an API server 1.36 answered.

let cluster: ACluster;
let following: AbortController;
beforeEach(async () => {
  cluster = await aCluster();
  following = new AbortController();
});
afterEach(async () => {
  following.abort();
  await cluster.stop();
});

const configMaps = "/api/v1/namespaces/default/configmaps";
const settings = `${configMaps}/settings`;

interface Watched {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- an object of any kind, which the tests walk
  readonly object: any;
}

/** The events of a watch, one by one; undefined when the server has ended it. */
async function watch(
  query: string,
  path = configMaps,
): Promise<() => Promise<Watched | undefined>> {
  const response = await fetch(`${cluster.server}${path}?watch=1&${query}`, {
    signal: following.signal,
  });
  const lines = linesOf(response);
  return async () => {
    const { value } = await lines.next();
    return value === undefined ? undefined : (JSON.parse(value) as Watched);
  };
}

async function* linesOf({ body }: Response): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  return undefined;
}

const put = (name: string, data: Record<string, string>, labels = {}) =>
  cluster.apply({ ...aConfigMap(data), metadata: { name, namespace: "default", labels } });
const versionNow = async (): Promise<string> =>
  (await cluster.send("GET", configMaps)).body.metadata.resourceVersion;
const brief = (event: Watched | undefined) =>
  event && [event.type, event.object.metadata.name, event.object.data];

describe("a watch", () => {
  it("begins with what there is and goes on with what happens", async () => {
    await put("settings", { a: "1" });
    const next = await watch("");
    expect(brief(await next())).toEqual(["ADDED", "settings", { a: "1" }]);
    await put("settings", { a: "2" });
    expect(brief(await next())).toEqual(["MODIFIED", "settings", { a: "2" }]);
    await put("other", {});
    expect(brief(await next())).toEqual(["ADDED", "other", undefined]);
    await cluster.send("DELETE", settings);
    expect(brief(await next())).toEqual(["DELETED", "settings", { a: "2" }]);
  });

  it("reports exactly what happened after the version that the client has seen", async () => {
    await put("settings", { a: "1" });
    const version = await versionNow();
    await put("settings", { a: "2" });
    await cluster.send("DELETE", settings);
    const next = await watch(`resourceVersion=${version}`);
    expect(brief(await next())).toEqual(["MODIFIED", "settings", { a: "2" }]);
    const { object, type } = (await next()) ?? { type: "", object: {} };
    expect([type, object.metadata.resourceVersion]).toEqual(["DELETED", await versionNow()]);
  });

  it("is over other kinds and namespaces not at all", async () => {
    const next = await watch(`resourceVersion=${await versionNow()}`);
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "elsewhere" } });
    await cluster.apply({
      ...aConfigMap({}),
      metadata: { name: "settings", namespace: "elsewhere" },
    });
    await put("here", {});
    expect(brief(await next())).toEqual(["ADDED", "here", undefined]);
  });

  it("takes an object that its selector selects no more for deleted, and one that it now selects for new", async () => {
    await put("settings", { a: "1" }, { tier: "web" });
    const next = await watch(`labelSelector=tier%3Dweb&resourceVersion=${await versionNow()}`);
    await put("settings", { a: "2" }, { tier: "db" });
    expect(brief(await next())).toEqual(["DELETED", "settings", { a: "1" }]);
    await put("settings", { a: "3" }, { tier: "web" });
    expect(brief(await next())).toEqual(["ADDED", "settings", { a: "3" }]);
  });

  it("of one object reports that one only", async () => {
    const next = await watch(`resourceVersion=${await versionNow()}`, settings);
    await put("other", {});
    await put("settings", { a: "1" });
    expect(brief(await next())).toEqual(["ADDED", "settings", { a: "1" }]);
  });

  it("from a version that is forgotten says that it has expired, and ends", async () => {
    const next = await watch("resourceVersion=1");
    const event = await next();
    expect(event).toMatchObject({
      type: "ERROR",
      object: {
        kind: "Status",
        status: "Failure",
        reason: "Expired",
        code: 410,
        message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
      },
    });
    expect(await next()).toBeUndefined();
  });

  it("ends after its time, with a bookmark for who wants one", async () => {
    const next = await watch(
      `allowWatchBookmarks=true&timeoutSeconds=5&resourceVersion=${await versionNow()}`,
    );
    await cluster.advance(5000);
    expect(await next()).toEqual({
      type: "BOOKMARK",
      object: {
        kind: "ConfigMap",
        apiVersion: "v1",
        metadata: { resourceVersion: await versionNow(), creationTimestamp: null },
      },
    });
    expect(await next()).toBeUndefined();
  });

  it("without bookmarks ends in silence, after half an hour at the latest", async () => {
    const next = await watch(`resourceVersion=${await versionNow()}`);
    await cluster.advance(30 * 60_000);
    expect(await next()).toBeUndefined();
    expect(cluster.clock.next()).toBeUndefined();
  });

  it("gets a bookmark every minute, so that it can begin again where it was", async () => {
    const next = await watch(`allowWatchBookmarks=true&resourceVersion=${await versionNow()}`);
    await cluster.advance(60_000);
    expect((await next())?.type).toBe("BOOKMARK");
    await cluster.advance(60_000);
    expect((await next())?.type).toBe("BOOKMARK");
  });

  it("marks the end of what there was for a client that lists by watching", async () => {
    await put("settings", {});
    const next = await watch(
      "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan",
    );
    expect((await next())?.type).toBe("ADDED");
    expect(await next()).toMatchObject({
      type: "BOOKMARK",
      object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } },
    });
  });

  it("leaves nothing behind when the client goes away", async () => {
    await watch("");
    expect(cluster.clock.next()).toBeDefined();
    following.abort();
    while (cluster.clock.next() !== undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it("ends by itself when the cluster stops", async () => {
    const next = await watch(`resourceVersion=${await versionNow()}`);
    await cluster.stop();
    expect(await next()).toBeUndefined();
  });
});

describe("the official client", () => {
  it("sees a rollout to its end", async () => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "test", server: cluster.server, skipTLSVerify: true },
      { name: "test" },
    );
    const { promise: rolledOut, resolve } = Promise.withResolvers<void>();
    const available: number[] = [];
    const watching = await new Watch(config).watch(
      "/apis/apps/v1/namespaces/default/deployments",
      { allowWatchBookmarks: true },
      (_type, object: { status?: { availableReplicas?: number } }) => {
        available.push(object.status?.availableReplicas ?? 0);
        if (available.at(-1) === 2) resolve();
      },
      () => undefined,
    );
    await cluster.apply(aDeployment());
    await cluster.advance(30_000);
    await rolledOut;
    watching.abort();
    expect(available[0]).toBe(0);
  });

  it("is told that it is over when the server stops", async () => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "test", server: cluster.server, skipTLSVerify: true },
      { name: "test" },
    );
    const { promise: over, resolve } = Promise.withResolvers<unknown>();
    await new Watch(config).watch(configMaps, {}, () => undefined, resolve);
    await cluster.stop();
    expect(await over).toBeNull();
  });
});
