import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import type { Cluster } from "../../src/ports/cluster.ts";
import type { ClusterWorld } from "./cluster.contract.ts";

const write = { dryRun: false, force: false };

interface Change {
  readonly container?: object;
  readonly spec?: object;
}

/**
 * What a cluster with a schema and with rules promises: which objects it refuses, and in which
 * words.
 */
export function apiServerContract(name: string, makeWorld: () => Promise<ClusterWorld>): void {
  describe(`${name} as API server`, () => {
    let world: ClusterWorld;
    let cluster: Cluster;
    beforeEach(async () => {
      world = await makeWorld();
      cluster = world.cluster;
    });
    afterEach(() => world.close());

    const object = (apiVersion: string, kind: string, rest: object): KubernetesObject => ({
      apiVersion,
      kind,
      metadata: { name: "one", namespace: world.namespace },
      ...rest,
    });
    const held = (finalizers: readonly string[]): KubernetesObject =>
      settings({}, { metadata: { name: "one", namespace: world.namespace, finalizers } });
    const settings = (data: object, rest: object = {}): KubernetesObject =>
      object("v1", "ConfigMap", { data, ...rest });
    const job = (image: string): KubernetesObject =>
      object("batch/v1", "Job", {
        spec: {
          template: { spec: { restartPolicy: "Never", containers: [{ name: "app", image }] } },
        },
      });
    const web = ({ container = {}, spec = {} }: Change = {}): KubernetesObject =>
      object("apps/v1", "Deployment", {
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: "web" } },
          template: {
            metadata: { labels: { app: "web" } },
            spec: { containers: [{ name: "app", image: "registry.example/web:1", ...container }] },
          },
          ...spec,
        },
      });

    it.each<[string, Change, string]>([
      [
        "an unknown field",
        { container: { brandNew: 1 } },
        '.spec.template.spec.containers[name="app"].brandNew: field not declared in schema',
      ],
      [
        "a text for a number",
        { spec: { replicas: "two" } },
        ".spec.replicas: expected numeric (int or float), got string",
      ],
      [
        "no image",
        { container: { image: "" } },
        "spec.template.spec.containers[0].image: Required value",
      ],
      [
        "a selector that does not find its pods",
        { spec: { selector: { matchLabels: { app: "other" } } } },
        "`selector` does not match template `labels`",
      ],
      [
        "a volume that is not there",
        { container: { volumeMounts: [{ name: "data", mountPath: "/data" }] } },
        'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
      ],
      [
        "two faults at once",
        { container: { image: "" }, spec: { replicas: -1 } },
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      ],
    ])("refuses %s, in a dry run too, and stores nothing", async (_, change, words) => {
      for (const dryRun of [true, false]) {
        await expect(cluster.apply(web(change), { dryRun, force: false })).rejects.toMatchObject({
          name: "ClusterRefused",
          message: expect.stringContaining(words) as unknown,
        });
      }
      expect(await cluster.read(refOf(web()))).toBeUndefined();
    });

    it("never changes the selector of a Deployment", async () => {
      await cluster.apply(web(), write);
      const labels = { app: "web", tier: "front" };
      const other = web({
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: "app", image: "registry.example/web:1" }] },
          },
        },
      });
      await expect(cluster.apply(other, write)).rejects.toMatchObject({
        name: "ClusterRefused",
        message: expect.stringContaining("field is immutable") as unknown,
      });
    });

    it("never changes what a Job runs, and says so by itself", async () => {
      await cluster.apply(job("registry.example/web:1"), write);
      await cluster.apply(job("registry.example/web:1"), write);
      for (const dryRun of [true, false]) {
        await expect(
          cluster.apply(job("registry.example/web:2"), { dryRun, force: false }),
        ).rejects.toMatchObject({ name: "ClusterRefused", details: { immutable: true } });
      }
      await cluster.remove(refOf(job("")), { foreground: true });
      // It goes when the garbage collector has seen that it owns nothing any more.
      const left = await cluster.read(refOf(job("")));
      expect(left === undefined || "deletionTimestamp" in left.metadata).toBe(true);
    });

    it("takes the object of a kind that it does not have for absent", async () => {
      const gadget = object("example.com/v1", "Gadget", {});
      expect(await cluster.read(refOf(gadget))).toBeUndefined();
      await cluster.remove(refOf(gadget));
    });

    it("never changes a ConfigMap that is immutable", async () => {
      await cluster.apply(settings({ colour: "red" }, { immutable: true }), write);
      const other = cluster.apply(settings({ colour: "blue" }, { immutable: true }), write);
      await expect(other).rejects.toMatchObject({
        name: "ClusterRefused",
        message: expect.stringContaining("field is immutable when `immutable` is set") as unknown,
      });
    });

    it("refuses a key that cannot be a file", async () => {
      await expect(cluster.apply(settings({ "a b": "" }), write)).rejects.toMatchObject({
        name: "ClusterRefused",
        message: expect.stringContaining("a valid config key must consist of") as unknown,
      });
    });

    it("refuses a kind that it does not have", async () => {
      await expect(cluster.apply(object("v1", "Gadget", {}), write)).rejects.toMatchObject({
        name: "ClusterRefused",
        message: expect.stringContaining("has no kind Gadget") as unknown,
      });
    });

    it("overwrites nothing newer than the version that the object names", async () => {
      const { metadata } = await cluster.apply(settings({ colour: "red" }), write);
      await cluster.apply(settings({ colour: "blue" }), write);
      const late = settings(
        { colour: "green" },
        {
          metadata: {
            name: "one",
            namespace: world.namespace,
            resourceVersion: metadata["resourceVersion"],
          },
        },
      );
      await expect(cluster.apply(late, write)).rejects.toMatchObject({
        name: "ClusterUnavailable",
        message: expect.stringContaining("the object has been modified") as unknown,
      });
      expect(await cluster.read(refOf(late))).toMatchObject({ data: { colour: "blue" } });
    });

    it("encodes the texts of a Secret", async () => {
      const secret = object("v1", "Secret", { stringData: { password: "hidden" } });
      expect(await cluster.apply(secret, write)).toMatchObject({
        type: "Opaque",
        data: { password: "aGlkZGVu" },
      });
      expect(await cluster.read(refOf(secret))).not.toHaveProperty("stringData");
    });

    it("fills in what a Deployment and a Service leave open", async () => {
      expect(await cluster.apply(web(), write)).toMatchObject({
        spec: {
          progressDeadlineSeconds: 600,
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
          },
          template: { spec: { containers: [{ imagePullPolicy: "IfNotPresent" }] } },
        },
      });
      const service = await cluster.apply(
        object("v1", "Service", { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } }),
        write,
      );
      expect(service).toMatchObject({
        spec: {
          type: "ClusterIP",
          clusterIP: expect.stringMatching(/^\d+\./) as unknown,
          ports: [{ port: 80, targetPort: 80, protocol: "TCP" }],
        },
      });
    });

    it("keeps an object that is removed until its finalizers are gone", async () => {
      await cluster.apply(held(["example.com/hold"]), write);
      await cluster.remove(refOf(held([])));
      expect((await cluster.read(refOf(held([]))))?.metadata).toHaveProperty("deletionTimestamp");
      await cluster.apply(held([]), write);
      expect(await cluster.read(refOf(held([])))).toBeUndefined();
    });

    it("takes no new object into a namespace that is on its way out", async () => {
      const namespace: KubernetesObject = {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: `${world.namespace}-ending` },
      };
      const inside = (objectName: string, finalizers: readonly string[]): KubernetesObject => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: objectName, namespace: namespace.metadata.name, finalizers },
        data: {},
      });
      await cluster.apply(namespace, write);
      await cluster.apply(inside("held", ["example.com/hold"]), write);
      await cluster.remove(refOf(namespace));
      await expect(cluster.apply(inside("late", []), write)).rejects.toMatchObject({
        name: "ClusterRefused",
        message: expect.stringMatching(
          /because it is being terminated; wait until the namespace is gone/,
        ) as unknown,
      });
      await cluster.apply(inside("held", []), write);
    });
  });
}
