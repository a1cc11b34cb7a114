import { samples } from "@promoter/local-cloud/internal/test/kubernetes/kind-conversations.ts";
import {
  widget,
  widgetDefinition,
} from "@promoter/local-cloud/internal/test/kubernetes/stand-in.fixtures.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { fieldManager, type Cluster } from "../../src/ports/cluster.ts";
import type { ClusterWorld } from "./cluster.contract.ts";

const write = { dryRun: false, force: false };
const patient = { timeout: 20_000 };

/** What an API server promises of every kind that it has, and of kinds that it is told of. */
export function everyKindContract(name: string, makeWorld: () => Promise<ClusterWorld>): void {
  describe(`${name} with every kind`, () => {
    let world: ClusterWorld;
    let cluster: Cluster;
    beforeEach(async () => {
      world = await makeWorld();
      cluster = world.cluster;
    });
    afterEach(() => world.close());

    /** A kind without namespaces has the name of ours, so that nobody else has it. */
    const here = (object: object): KubernetesObject =>
      JSON.parse(JSON.stringify(object).replaceAll("<ns>", world.namespace)) as KubernetesObject;

    it.each(samples.map(({ object }) => [object.kind, object] as const))(
      "takes a %s, changes nothing the second time, refuses a field that there is not, and lets it go",
      async (_, given) => {
        const object = here(given);
        await expect(cluster.apply({ ...object, brandNew: 1 }, write)).rejects.toMatchObject({
          name: "ClusterRefused",
          message: expect.stringContaining(".brandNew: field not declared in schema") as unknown,
        });
        const first = await cluster.apply(object, write);
        const second = await cluster.apply(object, write);
        expect(ours(second)).toEqual(ours(first));
        expect(second.metadata.generation).toBe(first.metadata.generation);
        expect(withoutServer(second)).toEqual(withoutServer(first));
        await cluster.remove(refOf(object));
        await expect
          .poll(async () => {
            await world.settle?.();
            return (await cluster.read(refOf(object))) === undefined;
          }, patient)
          .toBe(true);
      },
    );

    it("takes a custom resource once its definition is there, and lets it go with that", async () => {
      const group = `${world.namespace}.example.com`;
      const definition = here(widgetDefinition(group));
      const one = here(widget(group, world.namespace));
      await expect(cluster.apply(one, write)).rejects.toMatchObject({ name: "ClusterRefused" });
      await cluster.apply(definition, write);
      const kind = { apiVersion: one.apiVersion, kind: one.kind };
      await expect.poll(() => cluster.isNamespaced(kind), patient).toBe(true);
      const first = await cluster.apply(one, write);
      expect(first.metadata.generation).toBe(1);
      expect(ours(await cluster.apply(one, write))).toEqual(ours(first));
      expect(await cluster.list(kind, { namespace: world.namespace })).toMatchObject([
        { metadata: { name: "one" } },
      ]);
      await cluster.remove(refOf(definition));
      await expect.poll(() => cluster.read(refOf(one)), patient).toBeUndefined();
    });
  });
}

/** What we own, and since when. */
function ours({ metadata }: KubernetesObject): unknown {
  const entries = metadata["managedFields"] as readonly { readonly manager: string }[];
  return entries.filter(({ manager }) => manager === fieldManager);
}

/** Controllers may have written their status meanwhile. */
function withoutServer({
  metadata: _metadata,
  status: _status,
  ...rest
}: KubernetesObject): unknown {
  return rest;
}
