import { expect, it } from "vitest";
import { base, deployment, load } from "./shop-project.ts";

async function noted(text: string, ...files: readonly string[]): Promise<readonly string[]> {
  const loaded = await load(text, ...files);
  return loaded.kind === "faulty"
    ? loaded.faults.map(({ message }) => `fault: ${message}`)
    : loaded.notes.map(
        ({ application, environment, message, remedy }) =>
          `${application}/${environment} ${message} -> ${remedy}`,
      );
}

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [configmaps], verbs: [get] }]
`;
const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: api }]
`;

it("nothing is noted about a Deployment alone", async () => {
  expect(await noted(base, deployment)).toEqual([]);
});

it("roles and bindings of an environment are named once, with the command for its cluster", async () => {
  const message =
    "Role shop/reader, RoleBinding shop/readers: whoever applies roles and bindings needs " +
    "escalate and bind there, or all the rights that they give";
  expect(await noted(base, deployment, role, binding)).toEqual([
    `shop/staging ${message} -> \`cluster-access test\` prints what to grant, with --check what is missing`,
    `shop/production ${message} -> \`cluster-access prod\` prints what to grant, with --check what is missing`,
  ]);
});

it("a binding needs bind alone", async () => {
  expect(await noted(base, deployment, binding)).toEqual([
    expect.stringContaining("needs bind there"),
    expect.stringContaining("needs bind there"),
  ]);
});

const withDeadline = (seconds: number): string =>
  deployment.replace("spec:\n", `spec:\n  progressDeadlineSeconds: ${seconds}\n`);

it("a progress deadline that somebody wrote and that is not `rollout` ends nothing", async () => {
  const text = base.replace("cluster: prod,", "cluster: prod, rollout: 8s,");
  expect(await noted(text, withDeadline(8))).toEqual([
    "shop/staging Deployment shop/api: progressDeadlineSeconds (8) ends no rollout; " +
      "podSpec.rollout does, after 10m -> set rollout to how long it may take, or leave it",
  ]);
});

it("the default of the progress deadline is nobody's wish, and one like `rollout` is no surprise", async () => {
  expect(
    await noted(base.replaceAll("files: deploy", "files: deploy, rollout: 30m"), deployment),
  ).toEqual([]);
  expect(await noted(base, withDeadline(600))).toEqual([]);
});
