import { isDeepStrictEqual } from "node:util";
import { array, assert, constantFrom, dictionary, integer, letrec, oneof, property } from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { substituteImages, type PinnedImage } from "../../../../src/domain/pod-spec/substitute-images.ts";

// Expectations: kustomize, api/filters/imagetag/legacy.go and api/internal/image/image.go; and the output of `kubectl kustomize` 5.5.

const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const digest = `sha256:${"a".repeat(64)}`;
const api: PinnedImage = { repository: `${registry}/orderbook-api`, tag: "prod-1.4.2", digest };
const ui: PinnedImage = { repository: `${registry}/orderbook-ui`, tag: "prod-1.4.2", digest };
const pinned = `${api.repository}:prod-1.4.2@${digest}`;

const objectWith = (rest: Readonly<Record<string, unknown>>, kind = "Deployment"): KubernetesObject => ({ apiVersion: "apps/v1", kind, metadata: { name: "web" }, ...rest });
const pin = (object: KubernetesObject, ...images: PinnedImage[]): KubernetesObject | undefined => substituteImages([object], images).objects[0];
const pinImage = (image: unknown, ...images: PinnedImage[]): unknown => pin(objectWith({ containers: [{ image }] }), ...images)?.["containers"];

describe("the images of a pod spec", () => {
  it.each([
    ["without a tag", api.repository],
    ["with a tag", `${api.repository}:dev-1.4.2`],
    ["with a digest", `${api.repository}@sha256:${"b".repeat(64)}`],
    ["with a tag and a digest", `${api.repository}:dev-1.4.2@sha256:${"b".repeat(64)}`],
    ["with an empty tag", `${api.repository}:`],
    ["with the placeholder of a template", `${api.repository}:{VERSION}`],
  ])("are pinned when they name the repository %s", (_, image) => {
    expect(pinImage(image, api)).toEqual([{ image: pinned }]);
  });

  it.each([
    ["another repository", `${registry}/orderbook-ui:1`],
    ["a longer name", `${registry}/orderbook-api-debug:1`],
    ["a name below it", `${registry}/orderbook-api/debug:1`],
    ["the name without the registry", "orderbook-api:1"],
    ["the name in another registry", "example.com/orderbook-api:1"],
    ["the registry as a part of a longer one", `mirror.example/${registry}/orderbook-api:1`],
    ["a dot of the name as any character", `${registry.replace(".dkr.", "-dkr-")}/orderbook-api:1`],
    ["another algorithm", `${api.repository}@sha512:${"b".repeat(128)}`],
    ["another case", `${registry}/Orderbook-API:1`],
    ["text around it", ` ${api.repository}:1`],
    ["no text", 7],
  ])("stay as they are when they name %s", (_, image) => {
    expect(pinImage(image, api)).toEqual([{ image }]);
  });

  it("of a registry with a port are told from a tag", () => {
    const local: PinnedImage = { repository: "localhost:5000/orderbook-api", tag: "prod-1", digest };
    expect(pinImage("localhost:5000/orderbook-api", local)).toEqual([{ image: `localhost:5000/orderbook-api:prod-1@${digest}` }]);
    expect(pinImage("localhost:5000/orderbook-api:dev-1", local)).toEqual([{ image: `localhost:5000/orderbook-api:prod-1@${digest}` }]);
    expect(pinImage("localhost:5000/orderbook-api", { ...local, repository: "localhost" })).toEqual([{ image: "localhost:5000/orderbook-api" }]);
  });

  const found = [{ name: "app", image: api.repository }];
  const done = [{ name: "app", image: pinned }];
  it.each<[string, KubernetesObject, KubernetesObject]>([
    ["containers of a Pod", objectWith({ spec: { containers: found } }), objectWith({ spec: { containers: done } })],
    ["initContainers", objectWith({ spec: { initContainers: found } }), objectWith({ spec: { initContainers: done } })],
    [
      "a CronJob, four levels down",
      objectWith({ spec: { jobTemplate: { spec: { template: { spec: { containers: found } } } } } }, "CronJob"),
      objectWith({ spec: { jobTemplate: { spec: { template: { spec: { containers: done } } } } } }, "CronJob"),
    ],
    ["a custom kind, inside a list", objectWith({ steps: [{ containers: found }] }, "Canary"), objectWith({ steps: [{ containers: done }] }, "Canary")],
    [
      "containers inside of containers",
      objectWith({ containers: [{ image: api.repository, inner: { containers: found } }] }),
      objectWith({ containers: [{ image: pinned, inner: { containers: done } }] }),
    ],
  ])("are pinned in %s", (_, object, expected) => {
    expect(pin(object, api)).toEqual(expected);
  });

  it.each<[string, KubernetesObject]>([
    ["ephemeralContainers", objectWith({ spec: { ephemeralContainers: found } })],
    ["another field called image", objectWith({ spec: { image: api.repository, sidecar: { image: api.repository } } })],
    ["a map called containers", objectWith({ steps: { containers: { image: api.repository, first: { image: api.repository } } } })],
    ["the text of a ConfigMap", objectWith({ data: { "pod.yaml": `containers: [{ image: ${api.repository} }]` } }, "ConfigMap")],
    ["arguments of a container", objectWith({ containers: [{ image: "busybox", args: [api.repository] }] })],
    ["a CustomResourceDefinition", objectWith({ spec: { containers: found } }, "CustomResourceDefinition")],
  ])("stay as they are in %s", (_, object) => {
    expect(pin(object, api)).toEqual(object);
  });

  it("are counted by repository, also the one that is never used", () => {
    const objects = [objectWith({ containers: found, initContainers: found }), objectWith({ containers: [{ image: "busybox" }] })];
    expect([...substituteImages(objects, [api, ui]).uses]).toEqual([[api.repository, 2], [ui.repository, 0]]);
  });

  it("are named where none of the repositories is meant", () => {
    const objects = [objectWith({ containers: [...found, { image: "busybox:1" }], initContainers: [{ image: `${registry}/other:1` }] }), objectWith({ containers: [{ image: "busybox:1" }, { name: "none" }] })];
    expect([...substituteImages(objects, [api]).others]).toEqual(["busybox:1", `${registry}/other:1`]);
  });

  it("stay as they are in the objects that were given", () => {
    const object = objectWith({ containers: [{ image: api.repository }] });
    pin(object, api);
    expect(object).toEqual(objectWith({ containers: [{ image: api.repository }] }));
  });
});

describe("pinning, whatever the object", () => {
  const image = constantFrom(api.repository, `${api.repository}:dev-1`, ui.repository, "busybox:1", `${api.repository}-debug:1`);
  const key = constantFrom("containers", "initContainers", "ephemeralContainers", "spec", "image", "other");
  const { tree } = letrec<{ tree: unknown }>((tie) => ({
    tree: oneof({ maxDepth: 6 }, image, integer(), array(tie("tree"), { maxLength: 3 }), dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true })),
  }));
  const object = dictionary(key, tree, { maxKeys: 4, noNullPrototype: true }).map((rest) => objectWith(rest));

  it("changes nothing the second time", () => {
    assert(property(object, (given) => {
      const once = substituteImages([given], [api, ui]).objects;
      expect(substituteImages(once, [api, ui]).objects).toEqual(once);
    }));
  });

  it("changes nothing without images", () => {
    assert(property(object, (given) => isDeepStrictEqual(pin(given), given)));
  });

  it("changes as many texts as it counts, each from the repository to its pinned form", () => {
    assert(property(object, (given) => {
      const { objects, uses } = substituteImages([given], [api]);
      const [before, after] = [textsOf(given), textsOf(objects[0])];
      const changed = after.flatMap((text, index) => (text === before[index] ? [] : [{ from: before[index], to: text }]));
      expect(changed.length).toBe(uses.get(api.repository));
      for (const { from, to } of changed) {
        expect(from).toMatch(/orderbook-api(:dev-1)?$/);
        expect(to).toBe(pinned);
      }
    }));
  });

  it("gives the same in whatever order the images come", () => {
    assert(property(object, (given) => isDeepStrictEqual(pin(given, api, ui), pin(given, ui, api))));
  });
});

function textsOf(value: unknown): readonly unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [value];
}
