import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import {
  clusterAccess,
  type ClusterAccessOptions,
  type ReviewsConnector,
} from "../../../cli/commands/cluster-access.ts";
import type { AccessReviews } from "../../../src/adapters/kubernetes/access-reviews.ts";

const root = join(import.meta.dirname, "../../..");

const unreachable: ReviewsConnector = () => Promise.reject(new Error("nobody answers"));

async function run(
  options: Partial<ClusterAccessOptions> = {},
  connect = unreachable,
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const lines: string[] = [];
  const exitCode = await clusterAccess(
    { root, config: "promoter.yml", cluster: "orderbook-prod", stage: "production", ...options },
    {
      line: (text = "") => void lines.push(text),
      error: () => undefined,
      style: (_, text) => text,
      interactive: false,
    },
    connect,
  );
  return { text: lines.join("\n"), exitCode };
}

const printed = async (
  options?: Partial<ClusterAccessOptions>,
  connect?: ReviewsConnector,
): Promise<string> => (await run(options, connect)).text;

function aCluster(reviews: Partial<AccessReviews>): ReviewsConnector {
  return () =>
    Promise.resolve({
      find: () => Promise.resolve(undefined),
      allows: () => Promise.resolve(true),
      ...reviews,
    });
}

/** A folder with promoter.yml and the files of one environment. */
async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "promoter-access-"));
  onTestFinished(() => rm(place, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
  return place;
}

it("prints YAML that kubectl takes whole: roles for the kinds of promoter.yml, explained in comments", async () => {
  const text = await printed();
  const objects = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  expect(objects).toHaveLength(6);
  expect(objects[2]).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "promoter-writers", namespace: "orderbook" },
    rules: [
      {
        apiGroups: [""],
        resources: ["configmaps", "services"],
        verbs: ["create", "delete", "get", "patch"],
      },
      {
        apiGroups: ["apps"],
        resources: ["deployments"],
        verbs: ["create", "delete", "get", "patch"],
      },
      { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["list"] },
    ],
  });
  expect(text).toContain("# once these namespaces exist: orderbook");
  expect(text).toContain("#   promoter-production-deploy-pod-spec: promoter:writers\n");
});

it("prints the same for programs", async () => {
  expect(JSON.parse(await printed({ json: true }))).toMatchObject({
    cluster: "orderbook-prod",
    groups: [{ users: "promoter:writers" }, { users: "promoter:readers" }],
    notes: [],
  });
});

/** Runs a script with an `aws` in PATH that notes its calls, and fails to create for one role. */
async function runScript(
  script: string,
): Promise<{ readonly out: string; readonly calls: string }> {
  const place = await project({
    aws: `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case "$*" in
  lambda*) while [ "$1" != --function-name ]; do shift; done; echo "arn:aws:iam::111122223333:role/$2" ;;
  "eks create"*roll-back*) exit 254 ;;
esac
`,
  });
  const { stdout } = await promisify(execFile)(
    "sh",
    ["-c", `chmod +x "$1/aws"\n${script}`, "sh", place],
    { env: { PATH: `${place}:${process.env["PATH"]}` } },
  );
  return { out: stdout, calls: await readFile(join(place, "calls"), "utf8") };
}

const entry = (verb: string, key: string, groups: string): string =>
  `eks ${verb}-access-entry --region eu-west-1 --cluster-name orderbook-prod ` +
  `--principal-arn arn:aws:iam::111122223333:role/promoter-production-${key} --kubernetes-groups ${groups}`;

it("--entries prints a script that puts every role into its groups, and can be run again", async () => {
  const { calls } = await runScript(await printed({ form: "entries" }));
  expect(calls.split("\n").filter((line) => line.startsWith("eks"))).toEqual([
    entry("create", "prepare-pod-spec", "promoter:writers"),
    entry("create", "deploy-pod-spec", "promoter:writers"),
    entry("create", "roll-back", "promoter:writers"),
    entry("update", "roll-back", "promoter:writers"),
    entry("create", "restore-environment", "promoter:writers promoter:readers"),
    entry("create", "check-rollout", "promoter:readers"),
    entry("create", "check-rollback", "promoter:readers"),
  ]);
});

it("--map-roles prints a script that prints the entries of aws-auth", async () => {
  const { out } = await runScript(await printed({ form: "map-roles" }));
  const entries = parse(out) as readonly unknown[];
  expect(entries).toHaveLength(6);
  expect(entries[3]).toEqual({
    rolearn: "arn:aws:iam::111122223333:role/promoter-production-restore-environment",
    username: "promoter:{{SessionName}}",
    groups: ["promoter:writers", "promoter:readers"],
  });
});

const registry = 'registry: { account: "111122223333", region: eu-west-1 }';
const laptop = `${registry}
clusters: { laptop: { context: kind-shop } }
applications:
  shop:
    images: [shop]
    source: { tag: "dev-{version}", order: semver }
    environments:
      test:
        tags: { release: "test-{version}" }
        podSpec: { cluster: laptop, namespace: shop, files: ".", kinds: [Queue] }
`;
const queue = `apiVersion: mq.example/v1
kind: Queue
metadata: { name: orders }
---
apiVersion: v1
kind: Pod
metadata: { name: shop }
spec: { containers: [{ name: shop, image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop }] }
`;

it("asks the cluster for the name of a custom kind, and says that it guesses where nobody tells", async () => {
  const place = await project({ "promoter.yml": laptop, "queue.yaml": queue });
  const of = { root: place, cluster: "laptop" };
  const asked = await printed(
    of,
    aCluster({ find: () => Promise.resolve({ plural: "queue", namespaced: false }) }),
  );
  expect(asked).toContain("- queue\n    resourceNames:\n      - orders\n");
  expect(asked).not.toContain("Note");
  expect(await printed(of)).toContain(
    '# Note: Queue in mq.example/v1: "queues", in a namespace, is a guess',
  );
});

it("refuses a cluster that promoter.yml does not have, and AWS for one of the kubeconfig", async () => {
  await expect(printed({ cluster: "constructor" })).rejects.toMatchObject({
    exitCode: 2,
    message: 'there is no cluster named "constructor"; promoter.yml has orderbook-prod',
  });
  const place = await project({ "promoter.yml": laptop, "queue.yaml": queue });
  await expect(printed({ root: place, cluster: "laptop", form: "entries" })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("by the context kind-shop of the kubeconfig") as unknown,
  });
});

it("--check names each right that a group does not have, and exits with 1", async () => {
  const questions: string[] = [];
  const { text, exitCode } = await run(
    { form: "check" },
    aCluster({
      allows(group, { verb, resource }) {
        questions.push(`${group} ${verb} ${resource}`);
        return Promise.resolve(verb !== "delete" || resource !== "services");
      },
    }),
  );
  expect(questions).toContain("promoter:readers list pods");
  expect(text.split("\n")).toEqual([
    "promoter:writers may not delete services in namespace orderbook",
    `1 of ${questions.length} rights are missing in cluster orderbook-prod: apply what \`cluster-access orderbook-prod\` prints`,
  ]);
  expect(exitCode).toBe(1);
});

it("--check says that nothing is missing, and fails when the cluster does not answer", async () => {
  const { text, exitCode } = await run({ form: "check" }, aCluster({}));
  expect(text).toMatch(/^Cluster orderbook-prod gives all \d+ rights/);
  expect(exitCode).toBe(0);
  expect(JSON.parse(await printed({ form: "check", json: true }, aCluster({})))).toEqual({
    cluster: "orderbook-prod",
    missing: [],
    notes: [],
  });
  await expect(run({ form: "check" })).rejects.toThrow("nobody answers");
});
