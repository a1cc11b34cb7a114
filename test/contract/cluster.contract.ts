import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listAt, recordAt, textAt } from "../../src/domain/json.ts";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { fieldsOwnedBy, projectOwned } from "../../src/domain/pod-spec/owned-fields.ts";
import { fieldManager, type Cluster } from "../../src/ports/cluster.ts";

export interface ClusterWorld {
  readonly cluster: Cluster;
  /** One that exists and is empty. */
  readonly namespace: string;
  /** Another manager applies with force. */
  applyAs(manager: string, object: KubernetesObject): Promise<void>;
  /** Lets the cluster do what it does by itself, where time stands still otherwise. */
  settle?(): Promise<void>;
  close(): Promise<void>;
}

// Expectations: https://kubernetes.io/docs/reference/using-api/server-side-apply/

const write = { dryRun: false, force: false };
const dryRun = { dryRun: true, force: false };
const force = { dryRun: false, force: true };

/** What every cluster promises. */
export function clusterContract(name: string, makeWorld: () => Promise<ClusterWorld>): void {
  describe(`${name} as cluster`, () => {
    let world: ClusterWorld;
    let cluster: Cluster;
    beforeEach(async () => {
      world = await makeWorld();
      cluster = world.cluster;
    });
    afterEach(() => world.close());

    const settings = (data: Readonly<Record<string, string>>): KubernetesObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: world.namespace },
      data,
    });
    const web = ({
      image = "registry.example/web:1",
      replicas,
    }: { readonly image?: string; readonly replicas?: number } = {}): KubernetesObject => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: world.namespace },
      spec: {
        ...(replicas === undefined ? {} : { replicas }),
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "app", image }] },
        },
      },
    });
    const dataOf = async (object: KubernetesObject) =>
      (await cluster.read(refOf(object)))?.["data"];

    it("answers that an object does not exist, also in a namespace that does not exist", async () => {
      const object = settings({});
      expect(await cluster.read(refOf(object))).toBeUndefined();
      expect(
        await cluster.read({ ...refOf(object), namespace: "nowhere-to-be-found" }),
      ).toBeUndefined();
    });

    it("creates what does not exist and gives the object as it is afterwards", async () => {
      const object = await cluster.apply(web(), write);
      expect(object).toMatchObject({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", generation: 1 },
      });
      expect(await cluster.read(refOf(object))).toMatchObject({
        kind: "Deployment",
        spec: { template: { spec: { containers: [{ image: "registry.example/web:1" }] } } },
      });
    });

    it("applies under our own manager's name", async () => {
      const { parts } = fieldsOwnedBy(
        await cluster.apply(settings({ colour: "red" }), write),
        fieldManager,
      );
      expect([...(parts.get("f:data")?.parts.keys() ?? [])]).toEqual(["f:colour"]);
    });

    it("keeps the generation when nothing changes and raises it when the spec does", async () => {
      await cluster.apply(web(), write);
      expect((await cluster.apply(web(), write)).metadata.generation).toBe(1);
      expect(
        (await cluster.apply(web({ image: "registry.example/web:2" }), write)).metadata.generation,
      ).toBe(2);
    });

    it("shows with a dry run what would be, and changes nothing", async () => {
      expect(await cluster.apply(settings({ colour: "red" }), dryRun)).toMatchObject({
        data: { colour: "red" },
      });
      expect(await cluster.read(refOf(settings({})))).toBeUndefined();
      await cluster.apply(settings({ colour: "red" }), write);
      expect(await cluster.apply(settings({ colour: "blue" }), dryRun)).toMatchObject({
        data: { colour: "blue" },
      });
      expect(await dataOf(settings({}))).toEqual({ colour: "red" });
    });

    it("removes a field of ours that is no longer applied", async () => {
      await cluster.apply(settings({ colour: "red", size: "big" }), write);
      await cluster.apply(settings({ size: "big" }), write);
      expect(await dataOf(settings({}))).toEqual({ size: "big" });
    });

    it("writes nothing when the same is applied again, not even a time", async () => {
      const first = await cluster.apply(settings({ colour: "red" }), write);
      expect(await cluster.apply(settings({ colour: "red" }), write)).toEqual(first);
    });

    it("keeps a field of ours that is no longer applied, but that another manager applied too", async () => {
      await cluster.apply(settings({ colour: "red", size: "big" }), write);
      await world.applyAs("somebody", settings({ size: "big" }));
      await cluster.apply(settings({ colour: "red" }), write);
      expect(await dataOf(settings({}))).toEqual({ colour: "red", size: "big" });
    });

    it("merges containers, ports and variables by their keys beside those of another manager", async () => {
      const containers = (...list: readonly object[]): KubernetesObject => ({
        ...web(),
        spec: { template: { spec: { containers: list } } },
      });
      const ours = (value: string, ...ports: readonly object[]): KubernetesObject => ({
        ...web(),
        spec: {
          ...recordAt(web(), "spec"),
          template: {
            metadata: { labels: { app: "web" } },
            spec: {
              containers: [
                {
                  name: "app",
                  image: "registry.example/web:1",
                  env: [{ name: "A", value }],
                  ports,
                },
              ],
            },
          },
        },
      });
      await cluster.apply(
        ours("1", { name: "http", containerPort: 80 }, { name: "admin", containerPort: 81 }),
        write,
      );
      await world.applyAs(
        "injector",
        containers(
          { name: "app", env: [{ name: "B", value: "theirs" }] },
          { name: "side", image: "registry.example/side:1" },
        ),
      );
      await cluster.apply(ours("2", { name: "http", containerPort: 80 }), write);
      const live = listAt(
        await cluster.read(refOf(web())),
        "spec",
        "template",
        "spec",
        "containers",
      );
      expect(live.map((one) => textAt(one, "name"))).toEqual(["app", "side"]);
      expect(live[0]).toMatchObject({
        env: expect.arrayContaining([
          { name: "A", value: "2" },
          { name: "B", value: "theirs" },
        ]) as unknown,
        ports: [{ name: "http", containerPort: 80 }],
      });
    });

    it("leaves alone what another manager owns", async () => {
      await cluster.apply(settings({ colour: "red" }), write);
      await world.applyAs("somebody", settings({ owner: "somebody" }));
      await cluster.apply(settings({ colour: "blue" }), write);
      expect(await dataOf(settings({}))).toEqual({ colour: "blue", owner: "somebody" });
    });

    it("refuses a field that another manager owns with another value, naming field and manager", async () => {
      await world.applyAs("somebody", web({ replicas: 5 }));
      const conflict = cluster.apply(web({ image: "registry.example/web:2", replicas: 2 }), write);
      await expect(conflict).rejects.toMatchObject({ name: "FieldConflict" });
      await expect(conflict).rejects.toThrow(".spec.replicas (somebody)");
      await expect(conflict).rejects.toThrow(
        '.spec.template.spec.containers[name="app"].image (somebody)',
      );
      await expect(cluster.apply(web({ replicas: 2 }), dryRun)).rejects.toMatchObject({
        name: "FieldConflict",
      });
      expect(await cluster.read(refOf(web()))).toMatchObject({ spec: { replicas: 5 } });
    });

    it("takes over another manager's field when forced", async () => {
      await world.applyAs("somebody", web({ replicas: 5 }));
      expect(await cluster.apply(web({ replicas: 2 }), force)).toMatchObject({
        spec: { replicas: 2 },
      });
      const { parts } = fieldsOwnedBy((await cluster.read(refOf(web()))) ?? web(), "somebody");
      expect([...(parts.get("f:spec")?.parts.keys() ?? [])]).not.toContain("f:replicas");
      expect([...(parts.get("f:spec")?.parts.keys() ?? [])]).toContain("f:template");
      await cluster.apply(web({ replicas: 3 }), write);
      expect(await cluster.read(refOf(web()))).toMatchObject({ spec: { replicas: 3 } });
    });

    it("refuses an object in a namespace that does not exist", async () => {
      const { metadata, ...rest } = settings({});
      const object = { ...rest, metadata: { ...metadata, namespace: "nowhere-to-be-found" } };
      await expect(cluster.apply(object, write)).rejects.toMatchObject({
        name: "ClusterRefused",
        message: expect.stringContaining("nowhere-to-be-found"),
      });
    });

    it("restores what ran before from the part of it that is ours", async () => {
      const before = await cluster.apply(web(), write);
      const next = web({ image: "registry.example/web:2", replicas: 3 });
      const wouldBe = await cluster.apply(next, dryRun);
      const kept = projectOwned(before, [
        fieldsOwnedBy(before, fieldManager),
        fieldsOwnedBy(wouldBe, fieldManager),
      ]);
      await cluster.apply(next, write);
      await cluster.apply(kept, write);
      expect((await cluster.read(refOf(next)))?.["spec"]).toEqual(before["spec"]);
    });

    it("removes an object, and does not mind when it is gone already", async () => {
      const ref = refOf(await cluster.apply(settings({ colour: "red" }), write));
      await cluster.remove(ref);
      expect(await cluster.read(ref)).toBeUndefined();
      await cluster.remove(ref);
    });

    it("knows of a kind whether it lives in namespaces, and of none that it does not have", async () => {
      const kinds = [
        { apiVersion: "apps/v1", kind: "Deployment" },
        { apiVersion: "v1", kind: "Namespace" },
        { apiVersion: "example.com/v1", kind: "Gadget" },
        { apiVersion: "apps/v1", kind: "Gadget" },
      ];
      const found = await Promise.all(kinds.map((kind) => cluster.isNamespaced(kind)));
      expect(found).toEqual([true, false, undefined, undefined]);
    });

    it("tells the version as minor versions are counted", async () => {
      expect(await cluster.version()).toMatch(/^1\.\d+$/);
    });

    it("lists the objects of a kind, by namespace and labels, each with its type", async () => {
      const labelled = (called: string, tier: string): KubernetesObject => ({
        ...settings({}),
        metadata: { name: called, namespace: world.namespace, labels: { tier } },
      });
      await cluster.apply(labelled("one", "front"), write);
      await cluster.apply(labelled("two", "back"), write);
      const kind = { apiVersion: "v1", kind: "ConfigMap" };
      const query = { namespace: world.namespace, selector: "tier=front" };
      const found = await cluster.list(kind, query);
      expect(found.map(refOf)).toEqual([refOf(labelled("one", "front"))]);
      const all = await cluster.list(kind, { selector: "tier in (front,back)" });
      expect(all.map(({ metadata }) => metadata.name)).toEqual(
        expect.arrayContaining(["one", "two"]),
      );
    });

    it("has no log of a pod that is not there, nor of a run that never was", async () => {
      const query = { container: "app", previous: true, lines: 5 };
      const lone: KubernetesObject = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "lone", namespace: world.namespace },
        spec: {
          automountServiceAccountToken: false,
          containers: [{ name: "app", image: "registry.example/web:1" }],
        },
      };
      expect(await cluster.readLog(refOf(lone), query)).toBeUndefined();
      await cluster.apply(lone, write);
      await world.settle?.();
      expect(await cluster.readLog(refOf(lone), query)).toBeUndefined();
    });

    it("lists the events of an object by its name", async () => {
      const event = (called: string, about: string): KubernetesObject => ({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: called, namespace: world.namespace },
        involvedObject: { kind: "Pod", name: about, namespace: world.namespace },
        reason: "Unhealthy",
        type: "Warning",
      });
      await cluster.apply(event("one", "web-0"), write);
      await cluster.apply(event("two", "web-1"), write);
      const query = { namespace: world.namespace, fields: "involvedObject.name=web-1" };
      const found = await cluster.list({ apiVersion: "v1", kind: "Event" }, query);
      expect(found.map(({ metadata }) => metadata.name)).toEqual(["two"]);
    });

    it("gives the pods that all labels of a selector select", async () => {
      const pod = (
        podName: string,
        labels: Readonly<Record<string, string>>,
      ): KubernetesObject => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: podName, namespace: world.namespace, labels },
        spec: {
          automountServiceAccountToken: false,
          containers: [{ name: "app", image: "registry.example/web:1" }],
        },
      });
      await cluster.apply(pod("one", { app: "web", tier: "front" }), write);
      await cluster.apply(pod("two", { app: "web", tier: "back" }), write);
      const pods = await cluster.readPods(world.namespace, "app=web,tier=front");
      expect(
        pods.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name]),
      ).toEqual([["v1", "Pod", "one"]]);
      expect(await cluster.readPods(world.namespace, "app=web")).toHaveLength(2);
    });
  });
}
