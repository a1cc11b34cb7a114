import type { KindSchema } from "@promoter/kubernetes-schemas";
import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubernetesAnswer } from "../../src/adapters/kubernetes/kubernetes-request.ts";
import { isRecord, listAt, textAt } from "../../src/domain/json.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { judgeObject } from "../../src/domain/pod-spec/schema/judge-object.ts";
import { judgingBy } from "../../src/domain/pod-spec/schema/judging.ts";
import { mutatedObjects, type Mutated } from "./mutated-objects.ts";
import { realCluster, type RealCluster } from "./real-cluster.ts";
import { context } from "./start-control-plane.ts";

// The API server is the measure of the judge: both look at every way of each field to be wrong, of every kind that the
// server has, as a dry run.

const judging = judgingBy(loadKubernetesSchemas(), "1.36");

let real: RealCluster;
let answered: readonly Answered[];

interface Answered extends Mutated {
  /** Of structured-merge-diff, or of the decoder behind it: about the schema alone. */
  readonly bySchema: boolean;
  /** Why validation refuses it, but not the same object without the mutation. */
  readonly causes: readonly string[];
  readonly status: number;
  readonly judged: readonly string[];
  readonly judgedBefore: readonly string[];
}

beforeAll(async () => {
  real = await realCluster(context);
  const patched = judging.schemas.kinds().filter(({ verbs }) => verbs.includes("patch"));
  const served: KindSchema[] = [];
  for (const kind of patched) {
    if ((await dryRun(kind, plain(kind))).status !== 404) served.push(kind);
  }
  const left = [...mutatedObjects(judging.schemas, served)];
  const found: Answered[] = [];
  const work = async (): Promise<void> => {
    for (let one = left.pop(); one; one = left.pop()) found.push(await answer(one));
  };
  await Promise.all([work(), work(), work(), work()]);
  answered = found;
}, 300_000);
afterAll(() => real.close());

describe("the judge and the API server", () => {
  it("look at thousands of objects", () => {
    expect(answered.length).toBeGreaterThan(2_000);
    expect(new Set(answered.map(({ kind }) => kind.kind)).size).toBeGreaterThan(50);
  });

  it.each(["unknown", "wrong type", "repeated"] as const)("agree about what is %s", (what) => {
    const of = answered.filter((one) => one.what === what);
    expect(of.length).toBeGreaterThan(40);
    expect(of.filter(({ bySchema, judged }) => bySchema !== judged.length > 0).map(told)).toEqual(
      [],
    );
  });

  it.each(["missing", "not among"] as const)("agree about what is %s", (what) => {
    const of = answered.filter((one) => one.what === what);
    expect(of.filter(isNew).length).toBeGreaterThan(80);
    const apart = of.filter((one) => isNew(one) !== one.causes.length > 0);
    expect(apart.map(told)).toEqual([]);
  });

  it("agree that nothing else is wrong with these objects", () => {
    const judged = answered.filter(({ judgedBefore }) => judgedBefore.length > 0);
    expect(judged.map(told)).toEqual([]);
  });
});

function isNew({ judged, judgedBefore }: Answered): boolean {
  return judged.some((message) => !judgedBefore.includes(message));
}

async function answer(mutated: Mutated): Promise<Answered> {
  const { kind, object, base } = mutated;
  const [after, before] = [await dryRun(kind, object), await dryRun(kind, base)];
  const known = causesOf(before);
  const message = textAt(after.body, "message") ?? "";
  return {
    ...mutated,
    bySchema: /failed to create typed patch object|failed to convert new object/.test(message),
    causes: causesOf(after).filter((cause) => !known.includes(cause)),
    status: after.status,
    judged: judgeObject(object, judging).map(({ message: said }) => said),
    judgedBefore: judgeObject(base, judging).map(({ message: said }) => said),
  };
}

/** Of validation, or of what looks at an object before it. */
function causesOf({ status, body }: KubernetesAnswer): readonly string[] {
  if (status === 403) return [textAt(body, "message") ?? ""];
  return listAt(body, "details", "causes")
    .filter(isRecord)
    .map((cause) => `${textAt(cause, "field")}: ${textAt(cause, "message")}`);
}

function told({ kind, what, field, path, status, judged }: Answered): string {
  return `${kind.kind}: ${what} ${field} at ${path.join(".")}, ${status}, judged: ${judged.join("; ")}`;
}

function plain({ apiVersion, kind }: KindSchema): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "a" } };
}

function dryRun(
  { apiVersion, namespaced, plural }: KindSchema,
  apply: KubernetesObject,
): ReturnType<RealCluster["send"]> {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespaced ? `/namespaces/${real.namespace}` : "";
  const query = { fieldManager: "promoter", fieldValidation: "Strict", dryRun: "All" };
  return real.send({ method: "PATCH", path: `${group}${place}/${plural}/a`, query, apply });
}
