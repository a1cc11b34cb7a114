import { expect, it } from "vitest";
import { planDiff } from "../../../cli/plan-diff.ts";
import { unifiedDiff } from "../../../cli/unified-diff.ts";
import type { Difference } from "../../../src/domain/plan.ts";
import {
  difference,
  limitStates,
  withStates,
  type ObjectStates,
} from "../../../src/domain/pod-spec/differences.ts";
import type { KubernetesObject } from "../../../src/domain/pod-spec/object.ts";

const letters = (text: string): string => text.replaceAll(/./g, "$&\n");
const diff = (from: string, to: string): string =>
  unifiedDiff({ label: "a", text: letters(from) }, { label: "b", text: letters(to) });

it.each([
  ["nothing of equal texts", "abc", "abc", ""],
  ["a changed line", "abc", "axc", "--- a|+++ b|@@ -1,3 +1,3 @@| a|-b|+x| c"],
  [
    "three lines around it",
    "123456789",
    "1234x6789",
    "--- a|+++ b|@@ -2,7 +2,7 @@| 2| 3| 4|-5|+x| 6| 7| 8",
  ],
  [
    "changes far apart in two hunks",
    "a1234567b",
    "1234567",
    "--- a|+++ b|@@ -1,4 +1,3 @@|-a| 1| 2| 3|@@ -6,4 +5,3 @@| 5| 6| 7|-b",
  ],
  ["what is new", "", "ab", "--- a|+++ b|@@ -0,0 +1,2 @@|+a|+b"],
])("a unified diff has %s", (_, from, to, expected) => {
  expect(diff(from, to).replaceAll("\n", "|")).toBe(expected);
});

const object = (kind: string, fields: object): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "a", namespace: "shop" },
  ...fields,
});

function found(states: ObjectStates): Difference {
  return withStates(difference(states), states);
}

function shown(...differences: readonly Difference[]): string {
  return planDiff({ plan: { hash: "h", plan: {} as never, differences } });
}

it("shows no value of a Secret, and nothing that the server alone writes", () => {
  const live = object("Secret", {
    metadata: { name: "a", namespace: "shop", uid: "u-1", managedFields: [] },
    data: { token: "b2xk", user: "YQ==" },
    status: {},
  });
  const wouldBe = object("Secret", { data: { token: "bmV3", user: "YQ==" } });
  const text = shown(found({ intended: wouldBe, wouldBe, live }));
  expect(text).toContain("--- Secret shop/a (live)\n+++ Secret shop/a (planned)\n");
  expect(text).toContain("-  token: (set)\n+  token: (another value)\n   user: (set)");
  expect(text).not.toMatch(/b2xk|bmV3|YQ==|u-1|managedFields|status/);
});

it("shows what is created as a whole, what is the same not at all", () => {
  const intended = object("ConfigMap", { data: { text: "a\nb\n" } });
  const states = { intended, wouldBe: intended };
  expect(shown(found({ ...states, live: intended }))).toBe("");
  expect(shown(found({ ...states, live: undefined }))).toBe(
    "--- /dev/null\n+++ ConfigMap shop/a (planned)\n@@ -0,0 +1,9 @@\n+apiVersion: v1\n+kind: ConfigMap\n" +
      "+metadata:\n+  name: a\n+  namespace: shop\n+data:\n+  text: |\n+    a\n+    b",
  );
});

it("says of which object there is no diff", () => {
  const intended = object("ConfigMap", { data: { text: "a".repeat(500) } });
  const created = found({ intended, wouldBe: intended, live: undefined });
  const [first, second] = limitStates([created, created], 900);
  expect(first).toEqual(created);
  expect(second).not.toHaveProperty("states");
  expect(shown(second ?? created)).toBe("# ConfigMap shop/a: no diff; it is too large");
});
