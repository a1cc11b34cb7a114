import { expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

test.each([
  [{ kind: "scan", repository: "orderbook-api", critical: 2 }, "Refused", "2 CRITICAL"],
  [
    { kind: "never-ready", image: "orderbook-ui" },
    "RolledBack",
    "nothing ran before, so nothing runs now",
  ],
  [
    {
      kind: "pods-refused",
      namespace: "orderbook",
      message: "exceeded quota: team, requested: limits.cpu=1",
    },
    "RolledBack",
    "is forbidden: exceeded quota: team, requested: limits.cpu=1",
  ],
  [
    {
      kind: "refused",
      objects: "Service",
      namespace: "orderbook",
      message: 'admission webhook "ports.example.com" denied the request: no port 80',
    },
    "RolledBack",
    'admission webhook "ports.example.com" denied the request: no port 80',
  ],
  [
    {
      kind: "refused",
      objects: "Deployment",
      namespace: "orderbook",
      message: "exceeded quota: team, requested: count/deployments.apps=1",
    },
    "RolledBack",
    "is forbidden: exceeded quota: team, requested: count/deployments.apps=1",
  ],
  [
    { kind: "crash", image: "orderbook-ui:dev-1.4.2" },
    "RolledBack",
    "nothing ran before, so nothing runs now",
  ],
])("a person lets %o happen and watches the promotion end as %s", async (fault, ending, reason) => {
  const world = await startWorld({ yaml: (text) => text.replace(/ +approval:.*\n/, "") });
  const answer = await fetch(`${world.cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  expect(answer.status).toBe(200);
  await world.pushRelease("1.4.2");
  const [promotion = ""] = world.promotions();
  expect(await world.ending(promotion)).toBe(ending);
  expect((await world.show(promotion)).promotion.reasons.join("\n")).toContain(reason);
});

test.each([
  ["BASIC", "CVE-2026-1 in openssl 3.0.1 (CRITICAL)", "CVE-2026-2 in zlib 1.0.0 (HIGH)"],
  [
    "ENHANCED",
    "CVE-2026-1 in openssl 3.0.1 (CRITICAL, fixed in 3.0.2)",
    "CVE-2026-2 in zlib 1.0.0 (HIGH, no fix yet)",
  ],
] as const)(
  "a person names what a %s scan finds, and the refusal tells as much as ECR does",
  async (type, mended, unmended) => {
    const world = await startWorld({ yaml: withoutApproval, scanning: { type, after: 1_000 } });
    await inject(world, {
      kind: "scan",
      repository: "orderbook-api",
      critical: 2,
      findings: [
        { name: "CVE-2026-1", package: "openssl", version: "3.0.1", fixedIn: "3.0.2" },
        { name: "CVE-2026-2", severity: "high", package: "zlib" },
      ],
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    const reasons = await world.reasons();
    for (const told of ["2 CRITICAL (at most 0), 1 HIGH (at most 0)", mended, unmended]) {
      expect(reasons).toContain(told);
    }
  },
);

test("a readiness probe is suspected once a container has run for half a minute, and in the ending, but in no healthy rollout", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  const suspected = async (promotion: string): Promise<readonly number[]> =>
    (await world.show(promotion)).trail.flatMap(({ at, reasons }) =>
      reasons.join("").includes("readiness probe") ? [at] : [],
    );
  const healthy = await world.pushRelease("1.4.2");
  expect(await world.ending(healthy)).toBe("Promoted");
  expect(
    (await world.show(healthy)).trail.flatMap(({ step, outcome }) =>
      step === "CheckRollout" ? [outcome] : [],
    ),
  ).toContain("progressing");
  expect(await suspected(healthy)).toEqual([]);

  await fetch(`${world.cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "never-ready", image: "orderbook-ui" }),
  });
  const start = world.clock.now();
  const sick = await world.pushRelease("1.4.3");
  expect(await world.ending(sick)).toBe("RolledBack");
  expect((await suspected(sick))[0]).toBeGreaterThanOrEqual(start + 30_000);
  expect((await suspected(sick))[0]).toBeLessThan(start + 90_000);
  expect(await world.reasons(sick)).toContain("readiness probe");
});

test.each([
  [
    { kind: "scan", repository: "orderbok-api" },
    /no repository "orderbok-api"; there are orderbook-api, orderbook-ui/,
  ],
  [{ kind: "scan-never", repository: "ui" }, /there are orderbook-api/],
  [{ kind: "crash", image: "orderbook-iu" }, /no repository "orderbook-iu"/],
  [{ kind: "never-ready", image: `sha256:${"0".repeat(64)}` }, /no tag points at/],
  [
    { kind: "pods-refused", namespace: "orderbok" },
    /no environment has the namespace "orderbok"; there are orderbook/,
  ],
  [{ kind: "missing-layer", repository: "nothing" }, /there are orderbook-api/],
  [{ kind: "missing-layer", repository: "orderbook-ui" }, /nothing was pushed/],
  [
    { kind: "missing-layer", repository: "orderbook-api", tag: "dev-9" },
    /no image under the tag "dev-9"; its tags are dev-1\.4\.2/,
  ],
  [
    { kind: "missing-layer", repository: "orderbook-api", layer: "sha256:abc" },
    /no layer sha256:abc/,
  ],
])("%o, which is not there, is answered with what is", async (fault, answer) => {
  const world = await startWorld();
  await world.push("orderbook-api", "1.4.2");
  const response = await fetch(`${world.cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(answer)]);
});

test.each([
  [{ kind: "missing-layer", repository: "orderbook-api" }, /^sha256:[0-9a-f]{64}$/],
  [
    { kind: "missing-layer", repository: "orderbook-api", tag: "dev-1.4.2" },
    /^sha256:[0-9a-f]{64}$/,
  ],
  [
    {
      kind: "crash",
      image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-ui:prod-1.4.2",
    },
    /^orderbook-ui:prod-1\.4\.2$/,
  ],
  [{ kind: "healthy", image: "orderbook-ui" }, /^orderbook-ui$/],
])("%o names what it befalls", async (fault, target) => {
  const world = await startWorld();
  await world.push("orderbook-api", "1.4.2");
  const response = await fetch(`${world.cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      ...fault,
      ...("image" in fault && fault.kind === "crash" ? { exitCode: 1 } : {}),
      target: expect.stringMatching(target),
    },
  ]);
});

test("a missing layer refuses the promotion, without anyone having to know its digest", async () => {
  const world = await startWorld();
  await world.push("orderbook-api", "1.4.2");
  await fetch(`${world.cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "missing-layer", repository: "orderbook-api" }),
  });
  await world.push("orderbook-ui", "1.4.2");
  expect(await world.ending()).toBe("Refused");
  expect(await world.reasons()).toMatch(/orderbook-api@.* cannot be pulled: sha256:/);
});

test.each([
  ['{"kind":"explode","image":"orderbook-api"}', "at kind"],
  ['{"kind":"crash"}', "at image"],
  ['{"kind":"crash","image":"orderbook-ui","exit":3}', 'Unrecognized key: "exit"'],
  ["{kind:crash}", "not a valid fault"],
])("%s is answered with what a fault is", async (body, place) => {
  const { cloud } = await startWorld();
  const response = await fetch(`${cloud.origin}/_local/faults`, { method: "POST", body });
  const text = await response.text();
  expect(response.status).toBe(400);
  expect(text).toContain(place);
  expect(text).toContain(
    "its kind is scan, scan-never, missing-layer, crash, never-ready, healthy, pods-refused, pods-admitted, refused, admitted, object, unreachable, throttled, slow, killed, answer, undisturbed",
  );
});

test.each([
  [{ kind: "throttled", service: "ecr" }, "RegistryUnavailable", "calls of every function to ecr"],
  [
    { kind: "throttled", service: "dynamodb", function: "prepare-pod-spec" },
    "StoreUnavailable",
    "calls of prepare-pod-spec to dynamodb",
  ],
  [
    { kind: "throttled", service: "kubernetes" },
    "ClusterUnavailable",
    "calls of every function to kubernetes",
  ],
  [
    { kind: "throttled", service: "slack" },
    "MessengerUnavailable",
    "calls of every function to slack",
  ],
  [
    { kind: "unreachable", service: "ecr", function: "verify-images" },
    "RegistryUnavailable",
    "calls of verify-images to ecr",
  ],
])(
  "under %o it is retried as %s, and it goes through once the fault has passed",
  async (fault, error, target) => {
    const world = await startWorld();
    expect(await inject(world, fault)).toMatchObject({ target });
    const promotion = await world.pushRelease("1.4.2");
    await world.until(() => JSON.stringify(world.logs).includes(error));
    await inject(world, { kind: "undisturbed" });
    expect(await world.approve(promotion)).toBe("Promoted");
  },
);

test("a slow service makes a promotion slow, not different", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  await inject(world, { kind: "slow", service: "ecr", milliseconds: 40 });
  const before = performance.now();
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Promoted");
  expect(performance.now() - before).toBeGreaterThan(40 * 5);
});

test("a function that is killed after its third call is invoked again", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  await inject(world, { kind: "killed", function: "deploy-pod-spec", calls: 3 });
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Promoted");
  expect(
    world.cloud.calls.calls.filter(
      ({ functionName, outcome }) =>
        functionName?.endsWith("deploy-pod-spec") === true && outcome === "dropped",
    ),
  ).toHaveLength(1);
});

test.each([
  [{ kind: "throttled", service: "s3" }, 'there is no service "s3"; there are ecr, '],
  [
    { kind: "unreachable", service: "ecr", function: "verify" },
    'there is no function "verify"; there are ',
  ],
  [{ kind: "killed", function: "deploy" }, 'there is no function "deploy"; there are '],
])("%o is answered with what there is", async (fault, answer) => {
  const { cloud } = await startWorld();
  const response = await fetch(`${cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(answer)]);
});

async function inject({ cloud }: StoryWorld, fault: object): Promise<unknown> {
  const response = await fetch(`${cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  expect(response.status).toBe(200);
  return response.json();
}

test("a web page cannot let anything happen", async () => {
  const { cloud } = await startWorld();
  const body = JSON.stringify({ kind: "scan-never", repository: "orderbook-api" });
  expect(
    (
      await fetch(`${cloud.origin}/_local/faults`, {
        method: "POST",
        body,
        headers: { origin: "http://example.com" },
      })
    ).status,
  ).toBe(403);
  expect(
    (await fetch(`${cloud.origin}/_local/faults`, { method: "POST", body: "{}" })).status,
  ).toBe(400);
});
