import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aCluster, type ACluster } from "./a-cluster.ts";
import { anywhere } from "./comparable.ts";
import { conversations, inNamespace, recordedAnswers } from "./conversations.ts";

// Recorded from an API server 1.36 by `npm run test:cluster`, which compares with the server itself.

const recorded = JSON.parse(readFileSync(recordedAnswers, "utf8")) as Readonly<
  Record<string, readonly unknown[]>
>;
const namespace = "recorded-namespace";

let cluster: ACluster;
beforeEach(async () => {
  cluster = await aCluster();
  await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
});
afterEach(() => cluster.stop());

it("there is a recording of every conversation", () => {
  expect(Object.keys(recorded).toSorted()).toEqual(Object.keys(conversations).toSorted());
});

it.each(Object.entries(conversations))("answers as it was recorded %s", async (name, steps) => {
  for (const [index, step] of steps.entries()) {
    const { method, path, isPatient: _, ...rest } = inNamespace(step, namespace);
    const answer = await cluster.send(method, path, rest);
    expect(anywhere(answer, namespace), `${step.method} ${step.path}`).toEqual(
      recorded[name]?.[index],
    );
  }
});
