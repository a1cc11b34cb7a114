import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { recordAt } from "../../../../src/domain/json.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { checkProductionTags } from "../../../../src/promotion/steps/check-production-tags.ts";
import { preparePodSpec } from "../../../../src/promotion/steps/prepare-pod-spec.ts";
import { verifyImages } from "../../../../src/promotion/steps/verify-images.ts";
import { aWorld, deployment, shopObjects, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, plan } from "../../../builders/go-through.ts";

const openAPIV3Schema = {
  type: "object",
  properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
};
const definition = (scope: string): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope,
    names: { kind: "Widget", plural: "widgets" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
  },
});

describe("PreparePodSpec", () => {
  let world: ShopWorld;
  const prepare = async (mode?: "plan") => {
    await world.open({ id: "p-1", version: "1.0.0", ...(mode ? { mode } : {}) });
    return prepareWith(world);
  };
  const prepareWith = async (reached: ShopWorld) => {
    await verifyImages.run({ promotion: "p-1" }, world);
    await checkProductionTags.run({ promotion: "p-1" }, world);
    return preparePodSpec.run({ promotion: "p-1" }, reached);
  };
  const stored = async () =>
    world.promotions.readPlan("p-1", (await world.promotion("p-1")).plan ?? "");

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
  });

  it("stores the plan under its hash, with every member pinned by digest alone, and changes nothing", async () => {
    const before = world.cluster.objects();
    expect(await prepare()).toMatchObject({ outcome: "prepared" });
    const text = JSON.stringify((await stored())?.plan.objects);
    expect(text.match(/shop-(?:api|ui)@sha256:[0-9a-f]{64}/g)).toHaveLength(2);
    expect(text).not.toContain(':dev"');
    expect(world.cluster.objects()).toEqual(before);
  });

  it("gives the same hash for the same intention, later and with the tags written already", async () => {
    await prepare();
    const { plan: hash } = await world.promotion("p-1");
    world.pass(3_600_000);
    const images = (await world.promotion("p-1")).members ?? [];
    for (const { repository, digest } of images) {
      const manifest = await world.promotions.readManifest("p-1", digest);
      if (manifest) {
        await world.registry.putTag(
          repository,
          "prod-1.0.0" as Parameters<typeof world.registry.putTag>[1],
          manifest,
        );
      }
    }
    await plan(world, "p-1");
    expect((await world.promotion("p-1")).plan).toBe(hash);
    expect((await world.promotion("p-1")).tags?.map(({ release }) => release?.state)).toEqual([
      "in-place",
      "in-place",
    ]);
  });

  it("says what the plan would change now, even when the very same plan was made before", async () => {
    await prepare();
    const before = await stored();
    for (const object of before?.plan.objects ?? []) world.cluster.applyAs("promoter", object);
    await plan(world, "p-1");
    const after = await stored();
    expect(after?.hash).toBe(before?.hash);
    expect([before, after].map((one) => one?.differences.map(({ kind }) => kind))).toEqual([
      ["create", "create"],
      ["same", "same"],
    ]);
  });

  it("ends as planned, before any lock, when only a plan was asked for", async () => {
    expect(await prepare("plan")).toMatchObject({
      outcome: "close",
      reasons: [
        "Planned",
        "4 tags would be written, 2 objects created, 0 changed, 0 left unchanged",
      ],
    });
    expect((await stored())?.differences.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
      "create Deployment shop/shop-api",
      "create Deployment shop/shop-ui",
    ]);
    expect((await stored())?.differences[0]?.states).toMatchObject({
      live: undefined,
      result: { kind: "Deployment" },
    });
  });

  it("keeps whole objects beside a plan only when nothing else was asked for", async () => {
    await prepare();
    expect((await stored())?.differences.map(({ states }) => states)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("says that nothing would change of what runs already", async () => {
    await goThrough(world, { id: "p-0", version: "1.0.0", to: "closed" });
    expect((await prepare("plan")).reasons[1]).toBe(
      "nothing would change: production runs 1.0.0 with these digests, and its tags are in place",
    );
  });

  it("refuses what the cluster refuses, in its words", async () => {
    world.cluster.failNext(
      "apply",
      new PromoterError("ClusterRefused", "spec.replicas: must be greater than or equal to 0"),
    );
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", "spec.replicas: must be greater than or equal to 0"],
    });
  });

  it("refuses to take a field that another manager owns", async () => {
    world.cluster.applyAs("somebody", deployment("shop-api", "other:1"));
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("somebody")],
    });
  });

  it("covers with its hash what a person has written and the promotion overwrites", async () => {
    await prepare();
    const before = await stored();
    world.cluster.applyAs("kubectl-edit", deployment("shop-api", "other:1"));
    await plan(world, "p-1");
    const after = await stored();
    expect(after?.hash).not.toBe(before?.hash);
    expect(after?.plan.takeovers).toContainEqual({
      object: "Deployment shop/shop-api",
      field: 'spec.template.spec.containers[name="shop-api"].image',
      manager: "kubectl-edit",
    });
  });

  it("refuses a Deployment that would stay paused", async () => {
    const { metadata, ...rest } = deployment("shop-api", "other:1");
    world.cluster.applyAs("somebody", { ...rest, metadata, spec: { paused: true } });
    expect((await prepare()).reasons).toEqual([
      "Refused",
      expect.stringMatching(/shop-api is paused.*kubectl rollout resume/),
    ]);
  });

  it("refuses a Deployment that would be created paused", async () => {
    const objects = shopObjects.map((one) => ({
      ...one,
      spec: { ...recordAt(one, "spec"), paused: true },
    }));
    world = aWorld({ objects });
    world.push("1.0.0");
    expect((await prepare()).reasons).toEqual([
      "Refused",
      "Deployment shop/shop-api is paused, so it would not roll out; remove spec.paused from the files",
      expect.stringContaining("shop-ui is paused"),
    ]);
  });

  it("refuses with every object that another manager owns fields of", async () => {
    world.cluster.applyAs("somebody", deployment("shop-api", "other:1"));
    world.cluster.applyAs("another", deployment("shop-ui", "other:1"));
    expect((await prepare()).reasons).toEqual([
      "Refused",
      expect.stringMatching(/shop-api.*somebody/),
      expect.stringMatching(/shop-ui.*another/),
    ]);
  });

  const ours = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
  it.each([
    ["with a tag", `${ours}/shop-worker:latest`],
    ["with an unverified digest", `${ours}/shop-worker@sha256:${"b".repeat(64)}`],
    ["by its dual-stack name", "111122223333.dkr-ecr.eu-west-1.on.aws/shop-worker:latest"],
  ])("refuses an image of our registry that is no member, %s", async (_, image) => {
    world = aWorld({ objects: [...shopObjects, deployment("shop-worker", image)] });
    world.push("1.0.0");
    const place = "Deployment shop/shop-worker, spec.template.spec.containers[0].image";
    expect(await prepare()).toEqual({
      outcome: "close",
      reasons: [
        "Refused",
        `${place}: shop-worker is not an image of application shop, so it would never be promoted; use one of shop-api, shop-ui, or add it to images`,
      ],
    });
    expect((await world.promotion("p-1")).plan).toBeUndefined();
  });

  it("refuses an image that no node can read", async () => {
    world = aWorld({ objects: [...shopObjects, deployment("proxy", "envoyproxy/envoy:${TAG}")] });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining('the image "envoyproxy/envoy:${TAG}" cannot be read'),
      ],
    });
  });

  const starter = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "starter", namespace: "shop" },
    data: { worker: `${ours}/shop-api:latest` },
  };
  it("refuses a member that a text names, where nothing would pin it", async () => {
    world = aWorld({ objects: [...shopObjects, starter] });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringMatching(
          /^ConfigMap shop\/starter, data\.worker: .* is named outside an image field/,
        ),
      ],
    });
  });

  it("pins it there too where the environment asks for it, and the hash covers it", async () => {
    const podSpec = {
      cluster: "shop-prod",
      namespace: "shop",
      objects: { kind: "files", folder: "deploy/shop" },
      rollout: 600_000,
      failFast: true,
      force: false,
      kinds: [],
      restartOnConfig: true,
      images: "everywhere",
    } as const;
    const hashes = [];
    for (const objects of [[...shopObjects, starter], shopObjects]) {
      world = aWorld({ objects, production: { podSpec } });
      const { "shop-api": digest } = world.push("1.0.0");
      expect(await prepare()).toMatchObject({ outcome: "prepared" });
      hashes.push((await world.promotion("p-1")).plan);
      if (objects === shopObjects) continue;
      expect((await stored())?.plan.objects.at(-1)).toMatchObject({
        data: { worker: `${ours}/shop-api@${digest}` },
      });
    }
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it("takes an image of another registry as it is", async () => {
    world = aWorld({
      objects: [...shopObjects, deployment("proxy", "docker.io/envoyproxy/envoy:v1.32")],
    });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({ outcome: "prepared" });
  });

  it("refuses a member that no object uses: its tag would say that it runs", async () => {
    world = aWorld({ objects: shopObjects.slice(0, 1) });
    world.push("1.0.0");
    expect(await prepare("plan")).toEqual({
      outcome: "close",
      reasons: [
        "Refused",
        "no object of production uses shop-ui; use it in an object, or remove it from the images of shop in promoter.yml",
      ],
    });
  });

  it("makes no plan without the tags of every member", async () => {
    await world.open({ id: "p-1", version: "1.0.0" });
    await verifyImages.run({ promotion: "p-1" }, world);
    await checkProductionTags.run({ promotion: "p-1" }, world);
    const { tags = [] } = await world.promotion("p-1");
    await world.promotions.update("p-1", { tags: tags.slice(0, 1) });
    await expect(preparePodSpec.run({ promotion: "p-1" }, world)).rejects.toMatchObject({
      name: "NotAllowed",
      message: expect.stringContaining("shop-ui"),
    });
  });

  it("fails, to be retried, when the cluster does not answer", async () => {
    world.cluster.failNext(
      "apply",
      new PromoterError("ClusterUnavailable", "the cluster does not answer"),
    );
    await expect(prepare()).rejects.toMatchObject({ retryable: true });
  });

  it("refuses a namespace that neither exists nor comes along", async () => {
    await world.cluster.remove({
      apiVersion: "v1",
      kind: "Namespace",
      name: "shop",
      namespace: undefined,
    });
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("namespace shop does not exist")],
    });
  });

  const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };
  const planned = async (kind: string) =>
    (await stored())?.plan.objects.find((object) => object.kind === kind)?.metadata;

  it("spares a cluster that has much to answer: one connection, a few questions at once", async () => {
    const widgets = Array.from({ length: 100 }, (_, index) => ({
      ...widget,
      metadata: { name: `w-${index}` },
    }));
    world = aWorld({ objects: [...shopObjects, ...widgets] });
    world.push("1.0.0");
    await world.cluster.apply(definition("Namespaced"), { dryRun: false, force: false });
    let [connections, asked, most] = [0, 0, 0];
    const connect: ShopWorld["clusters"]["connect"] = async (name) => {
      connections += 1;
      const cluster = await world.clusters.connect(name);
      const read: typeof cluster.read = async (ref) => {
        asked += 1;
        most = Math.max(most, asked);
        await new Promise(setImmediate);
        asked -= 1;
        return cluster.read(ref);
      };
      return { ...cluster, read };
    };
    await world.open({ id: "p-1", version: "1.0.0" });
    const result = await prepareWith({ ...world, clusters: { connect } });
    expect(result.outcome).toBe("prepared");
    // For the scopes, and for the dry runs.
    expect(connections).toBe(2);
    expect(most).toBe(32);
  });

  it.each([
    ["Namespaced", { name: "w", namespace: "shop" }],
    ["Cluster", { name: "w" }],
  ])(
    "gives a custom resource the namespace that its kind has on the cluster: %s",
    async (scope, at) => {
      world = aWorld({ objects: [...shopObjects, widget] });
      world.push("1.0.0");
      await world.cluster.apply(definition(scope), { dryRun: false, force: false });
      expect(await prepare()).toMatchObject({ outcome: "prepared" });
      expect(await planned("Widget")).toEqual(at);
      expect((await stored())?.differences.every(({ unchecked }) => !unchecked)).toBe(true);
    },
  );

  it("refuses a custom resource of a kind that the cluster does not have", async () => {
    world = aWorld({ objects: [...shopObjects, widget] });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        "Widget w: the cluster has no such kind in example.com/v1; install it, or add its CustomResourceDefinition to the objects",
      ],
    });
  });

  it("takes a custom resource whose definition comes along, which the server cannot judge yet", async () => {
    const objects = [
      ...shopObjects,
      definition("Namespaced"),
      { ...widget, metadata: { name: "w", namespace: "shop" } },
    ];
    world = aWorld({ objects });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({ outcome: "prepared" });
    const found = (await stored())?.differences.filter(({ unchecked }) => unchecked);
    expect(found?.map(({ object }) => object)).toEqual(["Widget shop/w"]);
  });

  it("refuses what the server would by its schemas, all of it at once", async () => {
    const [first, ...others] = shopObjects;
    const spec = { ...(first?.["spec"] as object), replcas: 2, paused: "true" };
    world = aWorld({ objects: [{ ...first, spec } as KubernetesObject, ...others] });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringMatching(
          /^Deployment shop\/shop-api is invalid: there is no field spec\.replcas \(did you mean replicas\?\); spec\.paused must be true or false, not the string "true" \(write it without quotes\); fix it/,
        ) as unknown,
      ],
    });
  });

  describe("of a custom resource", () => {
    const sized = { ...widget, metadata: { name: "w", namespace: "shop" }, spec: { sise: 1 } };

    it("refuses what its definition on the cluster does not have", async () => {
      world = aWorld({ objects: [...shopObjects, sized] });
      world.push("1.0.0");
      await world.cluster.apply(definition("Namespaced"), { dryRun: false, force: false });
      expect(await prepare()).toMatchObject({
        outcome: "close",
        reasons: [
          "Refused",
          expect.stringContaining("no field spec.sise (did you mean size?)") as unknown,
        ],
      });
    });

    it("judges nothing where the definition may not be read", async () => {
      world = aWorld({ objects: [...shopObjects, sized] });
      world.push("1.0.0");
      await world.cluster.apply(definition("Namespaced"), { dryRun: false, force: false });
      const { cluster } = world;
      const read: ShopWorld["cluster"]["read"] = async (ref) => {
        if (ref.kind !== "CustomResourceDefinition") return cluster.read(ref);
        throw new PromoterError("ClusterRefused", "403");
      };
      const clusters = { connect: async () => ({ ...cluster, read }) };
      await world.open({ id: "p-1", version: "1.0.0" });
      expect(await prepareWith({ ...world, clusters })).toMatchObject({ outcome: "prepared" });
    });
  });

  it("refuses no unknown field of a cluster that is newer than what is known, or hides its version", async () => {
    const [first, ...others] = shopObjects;
    const spec = { ...(first?.["spec"] as object), replcas: 2 };
    const answers = [
      async () => "1.99",
      () => Promise.reject(new PromoterError("ClusterRefused", "403")),
    ];
    for (const version of answers) {
      world = aWorld({ objects: [{ ...first, spec } as KubernetesObject, ...others] });
      world.push("1.0.0");
      const { cluster } = world;
      const clusters = { connect: async () => ({ ...cluster, version }) };
      await world.open({ id: "p-1", version: "1.0.0" });
      expect(await prepareWith({ ...world, clusters })).toMatchObject({ outcome: "prepared" });
    }
  });

  it("refuses a second namespace that neither exists nor comes along", async () => {
    const elsewhere = { ...starter, data: {}, metadata: { name: "starter", namespace: "billing" } };
    world = aWorld({ objects: [...shopObjects, elsewhere] });
    world.push("1.0.0");
    expect(await prepare()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        "namespace billing does not exist in cluster shop-prod and is not among the objects: create it, or add a Namespace to the files",
      ],
    });
  });

  it("marks what the server could not judge, because the namespace comes along", async () => {
    world = aWorld({
      objects: [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
        ...shopObjects,
      ],
    });
    world.push("1.0.0");
    await world.cluster.remove({
      apiVersion: "v1",
      kind: "Namespace",
      name: "shop",
      namespace: undefined,
    });
    expect(await prepare()).toMatchObject({ outcome: "prepared" });
    expect((await stored())?.differences.map(({ unchecked }) => unchecked)).toEqual([
      false,
      true,
      true,
    ]);
  });
});
