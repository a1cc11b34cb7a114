import { describe, expect, it } from "vitest";
import { describeRestarts } from "../../../../src/domain/pod-spec/describe-change.ts";
import { difference } from "../../../../src/domain/pod-spec/differences.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";

const object = (
  rest: Readonly<Record<string, unknown>>,
  kind = "Deployment",
): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "web", namespace: "orderbook" },
  ...rest,
});
const secret = (rest: Readonly<Record<string, unknown>>): KubernetesObject =>
  object(rest, "Secret");
const withCopy = (text: string): KubernetesObject => ({
  ...secret({}),
  metadata: {
    name: "s",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": text },
  },
});
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const withPin = (pin: string): KubernetesObject => secret({ data: { pin: base64(pin) } });

/** The server answered the dry run with `to`. */
const checked = (from: KubernetesObject, to: KubernetesObject) =>
  difference({ intended: to, wouldBe: to, live: from });
const unchecked = (live: KubernetesObject, intended: KubernetesObject) =>
  difference({ intended, wouldBe: undefined, live });

describe("the difference between what runs and what would be", () => {
  it("is the whole object when nothing runs yet", () => {
    const intended = object({ spec: { replicas: 2 } });
    expect(difference({ intended, wouldBe: intended, live: undefined })).toEqual({
      object: "Deployment orderbook/web",
      kind: "create",
      fields: [],
      unchecked: false,
    });
  });

  it("names each field that changes, with its old and new value", () => {
    const from = object({
      spec: { replicas: 2, template: { spec: { containers: [{ name: "app", image: "web:1" }] } } },
    });
    const to = object({
      spec: { replicas: 3, template: { spec: { containers: [{ name: "app", image: "web:2" }] } } },
    });
    expect(checked(from, to)).toEqual({
      object: "Deployment orderbook/web",
      kind: "change",
      unchecked: false,
      fields: [
        { path: "spec.replicas", from: "2", to: "3" },
        { path: 'spec.template.spec.containers[name="app"].image', from: "web:1", to: "web:2" },
      ],
    });
  });

  it.each<
    [string, unknown, unknown, { path: string; from: string | undefined; to: string | undefined }[]]
  >([
    [
      "a field that comes",
      {},
      { a: { b: 1 } },
      [{ path: "spec.a", from: undefined, to: '{"b":1}' }],
    ],
    ["a field that goes", { a: [1, 2] }, {}, [{ path: "spec.a", from: "[1,2]", to: undefined }]],
    [
      "a list item that comes, by its name",
      [{ name: "a" }],
      [{ name: "b", x: 1 }, { name: "a" }],
      [{ path: 'spec[name="b"]', from: undefined, to: '{"name":"b","x":1}' }],
    ],
    [
      "a list item that goes, by its name",
      [{ name: "a" }, { name: "b" }],
      [{ name: "b" }],
      [{ path: 'spec[name="a"]', from: '{"name":"a"}', to: undefined }],
    ],
    [
      "an item of a list without names, by its place",
      { l: ["a", "b"] },
      { l: ["a", "c"] },
      [{ path: "spec.l[1]", from: "b", to: "c" }],
    ],
    [
      "a list without names whose length changes, as a whole",
      { l: ["a"] },
      { l: ["a", "b"] },
      [{ path: "spec.l", from: '["a"]', to: '["a","b"]' }],
    ],
    [
      "a name that needs quotes",
      { "a.b/c": "1" },
      { "a.b/c": "2" },
      [{ path: 'spec["a.b/c"]', from: "1", to: "2" }],
    ],
    [
      "a text that becomes a number, told apart by quotes",
      { a: "1" },
      { a: 1 },
      [{ path: "spec.a", from: '"1"', to: "1" }],
    ],
    [
      "a key that every object inherits",
      {},
      { constructor: "1", toString: "2" },
      [
        { path: "spec.constructor", from: undefined, to: "1" },
        { path: "spec.toString", from: undefined, to: "2" },
      ],
    ],
    ["a map that becomes a text", { a: {} }, { a: "x" }, [{ path: "spec.a", from: "{}", to: "x" }]],
  ])("shows %s", (_, from, to, fields) => {
    expect(checked(object({ spec: from }), object({ spec: to })).fields).toEqual(fields);
  });

  it.each<[string, KubernetesObject, KubernetesObject]>([
    [
      "the order of a list whose items have names",
      object({ spec: [{ name: "a" }, { name: "b" }] }),
      object({ spec: [{ name: "b" }, { name: "a" }] }),
    ],
    ["the order of fields", object({ spec: { a: 1, b: 2 } }), object({ spec: { b: 2, a: 1 } })],
    ["the status", object({ status: { replicas: 1 } }), object({ status: { replicas: 2 } })],
  ])("does not see %s", (_, from, to) => {
    expect(checked(from, to)).toMatchObject({ kind: "same", fields: [] });
  });

  it.each([
    "managedFields",
    "resourceVersion",
    "generation",
    "uid",
    "creationTimestamp",
    "selfLink",
  ])("does not see metadata.%s", (field) => {
    const from = object({});
    const to = { ...from, metadata: { ...from.metadata, [field]: "another" } };
    expect(checked(from, to)).toMatchObject({ kind: "same", fields: [] });
  });

  it("lists 20 fields at most and counts the others", () => {
    const numbered = (value: number) =>
      object({
        data: Object.fromEntries(
          Array.from({ length: 27 }, (_, index) => [`k${index + 10}`, value]),
        ),
      });
    const { fields, more } = checked(numbered(1), numbered(2));
    expect(fields).toHaveLength(20);
    expect(fields[0]?.path).toBe("data.k10");
    expect(more).toBe(7);
    expect("more" in checked(object({ a: 1 }), object({ a: 2 }))).toBe(false);
  });

  it("makes harmless what others wrote into the cluster", () => {
    expect(
      checked(object({ spec: { a: "\u009b2J" } }), object({ spec: { a: "b" } })).fields,
    ).toEqual([{ path: "spec.a", from: "\uFFFD2J", to: "b" }]);
  });

  it("cuts a value at 200 characters", () => {
    const [field] = checked(
      object({ data: { a: "x".repeat(200) } }),
      object({ data: { a: "y".repeat(201) } }),
    ).fields;
    expect(field?.from).toBe("x".repeat(200));
    expect(field?.to).toBe(`${"y".repeat(199)}…`);
  });
});

describe("the difference without the server's dry run", () => {
  it("looks at the intended fields alone, in list items too", () => {
    const live = object({
      spec: {
        replicas: 2,
        strategy: "default",
        containers: [{ name: "app", image: "web:1", pull: "default" }, { name: "injected" }],
      },
    });
    const intended = object({
      spec: { replicas: 2, containers: [{ name: "app", image: "web:2" }] },
    });
    expect(unchecked(live, intended)).toEqual({
      object: "Deployment orderbook/web",
      kind: "change",
      unchecked: true,
      fields: [{ path: 'spec.containers[name="app"].image', from: "web:1", to: "web:2" }],
    });
  });
});

describe("the difference of a Secret", () => {
  it("says which values become others, and never a value nor anything that is made of one alone", () => {
    const from = secret({
      data: {
        password: base64("1234"),
        user: base64("ann"),
        gone: base64("x"),
        constructor: base64("y"),
      },
    });
    const to = secret({
      data: {
        password: base64("4321"),
        user: base64("ann"),
        token: base64("z"),
        constructor: base64("y"),
      },
    });
    expect(checked(from, to).fields).toEqual([
      { path: "data.gone", from: "(set)", to: undefined },
      { path: "data.password", from: "(set)", to: "(another value)" },
      { path: "data.token", from: undefined, to: "(set)" },
    ]);
  });

  it("looks alike for every pair of values that differ", () => {
    expect(checked(withPin("1234"), withPin("4321"))).toEqual(
      checked(withPin("0000"), withPin("9999")),
    );
  });

  it("takes stringData for the data that the server makes of it", () => {
    expect(
      unchecked(
        secret({ data: { password: base64("grün") } }),
        secret({ stringData: { password: "grün" } }),
      ),
    ).toMatchObject({ kind: "same" });
    expect(
      JSON.stringify(unchecked(secret({ data: {} }), secret({ stringData: { password: "grün" } }))),
    ).not.toContain("grün");
  });

  it("leaves out the copy that kubectl keeps in an annotation", () => {
    const shown = JSON.stringify(
      checked(withCopy('{"data":"hunter1"}'), withCopy('{"data":"hunter2"}')),
    );
    expect(shown).not.toContain("last-applied-configuration");
    expect(shown).not.toContain("hunter");
  });
});

const web = (image: string, replicas: number): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: { replicas, template: { spec: { containers: [{ name: "app", image }] } } },
});

describe("which pods restart", () => {
  it("those of a workload whose template changes, and by which fields", () => {
    const changed = checked(web("a:1", 2), web("a:2", 2));
    expect(changed.restartedBy).toEqual(['spec.template.spec.containers[name="app"].image']);
    expect(describeRestarts([changed])).toBe("pods restart: Deployment shop/web");
  });

  it("none where only the number of pods changes", () => {
    const scaled = checked(web("a:1", 2), web("a:1", 3));
    expect(scaled).not.toHaveProperty("restartedBy");
    expect(describeRestarts([scaled])).toBe("nothing restarts");
  });
});

const service = (...ports: readonly object[]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: { ports },
});

const twoPorts = (targetPort: number): KubernetesObject =>
  service({ name: "a", port: 80, targetPort }, { name: "b", port: 81, targetPort });

const letters = Array.from("abcdefghijklmnopqrstuvwxyz");

const config = (value: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a" },
  data: Object.fromEntries(letters.map((letter) => [letter, value])),
});

/** Of each field that changes. */
function writers(
  field: string,
  [live, next]: readonly [KubernetesObject, KubernetesObject],
): readonly (readonly [path: string, by: readonly string[] | undefined])[] {
  const takeovers = [{ field, manager: "kubectl-edit" }];
  const { fields } = difference({ intended: next, wouldBe: next, live, takeovers });
  return fields.map(({ path, by }) => [path, by] as const);
}

describe("who else has written a field that changes", () => {
  it.each([
    ["of an item without a name", 'spec.ports[port=80,protocol="TCP"].targetPort', "kubectl-edit"],
    ["of an item as a whole", 'spec.ports[port=80,protocol="TCP"]', "kubectl-edit"],
    ["of the list", "spec.ports", "kubectl-edit"],
    ["of another field of the item", 'spec.ports[port=80,protocol="TCP"].nodePort', undefined],
    ["of another list", "spec.clusterIPs", undefined],
  ])("%s", (_, field, manager) => {
    const live = service({ port: 80, targetPort: 8080 });
    const next = service({ port: 80, targetPort: 9090 });
    expect(writers(field, [live, next])).toEqual([
      ["spec.ports[0].targetPort", manager && [manager]],
    ]);
  });

  it("of items with names only that of the same name", () => {
    expect(writers('spec.ports[name="b"].targetPort', [twoPorts(1), twoPorts(2)])).toEqual([
      ['spec.ports[name="b"].targetPort', ["kubectl-edit"]],
      ['spec.ports[name="a"].targetPort', undefined],
    ]);
  });

  it("is listed even where too many fields change", () => {
    expect(writers("data.z", [config("1"), config("2")])).toEqual([
      ["data.z", ["kubectl-edit"]],
      ...letters.slice(0, 19).map((letter) => [`data.${letter}`, undefined]),
    ]);
  });
});
