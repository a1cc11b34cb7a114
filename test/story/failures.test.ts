import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const crash = { kind: "crash", exitCode: 1, message: "cannot open the database" } as const;
const fiveMinutes = 5 * 60_000;
const hour = 60 * 60_000;
const impatient = (yaml: string): string =>
  withoutApproval(yaml).replace("rollout: 10m", "rollout: 1m");

describe("a push while the table cannot be written", () => {
  test("is promoted once it can be again, though the execution that it started died without a record", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    let down = true;
    world.cloud.calls.setFaults(({ functionName, service, action }) =>
      down &&
      service === "dynamodb" &&
      functionName === "promoter-dev-resolve-release" &&
      action !== "GetItem"
        ? "fails-before"
        : undefined,
    );
    const first = await world.pushRelease("1.4.2");
    await world.pass(hour);
    down = false;
    await world.pass(fiveMinutes);
    const second = world.promotions().at(-1) ?? "";
    expect(second).not.toBe(first);
    expect(await world.ending(second)).toBe("Promoted");
    await world.pass(hour);
    expect(world.promotions().at(-1)).toBe(second);
  });
});

describe("RolledBack", () => {
  test("a release that crashes gives way to the one before, is held, and the moving tag stays", async () => {
    const { world, first, second } = await crashedSecondRelease();
    expect(await world.ending(second.promotion)).toBe("RolledBack");

    expect(await world.reasons(second.promotion)).toContain("what ran before runs again");
    const { trail } = await world.show(second.promotion);
    expect(JSON.stringify(trail.filter(({ step }) => step === "CheckRollout"))).toMatch(
      /CrashLoopBackOff|exit code 1|cannot open the database/,
    );
    expect(runningImages(world)).toEqual(["prod-1.4.1"]);
    expect(world.tagged("orderbook-api", "prod")).toBe(first.api);
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBe(second.api);
    const {
      environments: [production],
    } = await world.status();
    expect(production).toMatchObject({
      current: { version: "1.4.1" },
      holds: [{ version: "1.4.2", by: second.promotion }],
    });
    expect(production?.lock.owner).toBeUndefined();
  });

  test("a person may retry a release on hold, and the hold is gone once it is promoted", async () => {
    const { world, second } = await crashedSecondRelease();
    await world.ending(second.promotion);
    world.cloud.clusters.get("orderbook-prod")?.behave(second.api, undefined);

    await world.invoke("retry-promotion", { promotion: second.promotion, requester: "ada" });
    expect(await world.ending()).toBe("Promoted");
    expect((await world.status()).environments[0]).toMatchObject({
      current: { version: "1.4.2" },
      holds: [],
    });
    expect(world.tagged("orderbook-api", "prod")).toBe(second.api);
  });

  test("resume lifts the hold", async () => {
    const { world, second } = await crashedSecondRelease();
    await world.ending(second.promotion);
    const answer = await world.invoke("resume-environment", {
      application: "orderbook",
      environment: "production",
      by: "ada",
      settled: false,
    });
    expect(answer).toMatchObject({
      outcome: "resumed",
      reasons: ["the hold on 1.4.2 was lifted by ada"],
    });
    expect((await world.status()).environments[0]?.holds).toEqual([]);
  });

  test("a first release that stalls is removed again, and the namespace stays", async () => {
    const world = await startWorld({ yaml: impatient });
    const promotion = await world.pushRelease("1.4.1");
    world.cloud.clusters.get("orderbook-prod")?.behave("orderbook-api", crash);
    expect(await world.ending(promotion)).toBe("RolledBack");
    const cluster = world.cloud.clusters.get("orderbook-prod");
    for (const kind of ["Deployment", "Service", "ConfigMap"]) {
      expect(cluster?.objects(kind, "orderbook")).toEqual([]);
    }
    expect(cluster?.objects("Namespace", "")).toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ name: "orderbook" }) }),
    );
    expect((await world.status()).environments[0]?.current).toBeUndefined();
    expect(world.tagged("orderbook-api", "prod")).toBeUndefined();
  });
});

describe("Failed", () => {
  test("a registry that takes no tag fails the promotion before the cluster is touched; a retry promotes the same images", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.calls.setFaults(({ action }) =>
      action === "ecr:PutImage" ? "fails-before" : undefined,
    );
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.ending(promotion)).toBe("Failed");
    expect(await world.reasons(promotion)).toMatch(/^RetagImages: RegistryUnavailable: /);
    expect(world.cloud.clusters.get("orderbook-prod")?.objects("Deployment", "orderbook")).toEqual(
      [],
    );

    world.cloud.calls.setFaults(undefined);
    await world.invoke("retry-promotion", { promotion });
    expect(await world.ending()).toBe("Promoted");
  });

  test("a permission that is missing is named, with the call and without trying again", async () => {
    const world = await startWorld({
      yaml: withoutApproval,
      changeTemplate: (template) =>
        JSON.parse(
          JSON.stringify(template).replaceAll(
            '"ecr:PutImage"',
            '"ecr:PutImageScanningConfiguration"',
          ),
        ),
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Failed");
    expect(await world.reasons()).toMatch(/^RetagImages: RegistryRefused: .*ecr:PutImage/s);
    const refused = world.cloud.calls.calls.filter(
      ({ action, functionName }) => action === "ecr:PutImage" && functionName !== undefined,
    );
    expect(new Set(refused.map(({ resources }) => resources.join()))).toHaveProperty(
      "size",
      refused.length,
    );
  });

  test("a layer that vanished after the images were verified fails the promotion and leaves the cluster alone", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.calls.setFaults(({ action, functionName }) => {
      if (action === "ecr:PutImage" && functionName === "promoter-dev-retag-images") {
        for (const layer of layers) world.cloud.ecr.dropLayer("orderbook-api", layer);
      }
      return undefined;
    });
    const promotion = await world.pushRelease("1.4.2");
    const layers = await layersOf(world, "orderbook-api", "dev-1.4.2");
    expect(await world.ending(promotion)).toBe("Failed");
    expect(await world.reasons(promotion)).toContain("orderbook-api");
    expect(world.cloud.clusters.get("orderbook-prod")?.objects("Deployment", "orderbook")).toEqual(
      [],
    );
    expect((await world.status()).environments[0]?.lock.owner).toBeUndefined();
  });
});

describe("a function that is over its time", () => {
  test.each([
    [
      "exits",
      119_700,
      { error: "Runtime.ExitError", cause: expect.stringContaining("exit status 1") as unknown },
    ],
    [
      "is ended by Lambda",
      120_000,
      {
        error: "Sandbox.Timedout",
        cause: expect.stringContaining("Task timed out after 120.00 seconds") as unknown,
      },
    ],
  ])(
    "%s while it writes: the step is tried again, and what is left of the function reaches nothing",
    async (_, passed, error) => {
      const world = await startWorld({ yaml: withoutApproval });
      const slow: (string | undefined)[] = [];
      world.cloud.calls.setFaults(({ action, functionName, accessKeyId }) => {
        if (
          action !== "ecr:PutImage" ||
          functionName !== "promoter-dev-retag-images" ||
          slow.length > 0
        ) {
          return undefined;
        }
        slow.push(accessKeyId);
        world.clock.advanceTo(world.clock.now() + passed);
        return undefined;
      });
      const promotion = await world.pushRelease("1.4.2");
      expect(await world.ending(promotion)).toBe("Promoted");
      const [arn = ""] = world.cloud.stepFunctions.executions.arns;
      const errors = world.cloud.stepFunctions.executions
        .history(arn)
        .flatMap(({ details: { taskFailedEventDetails: failed } }) => failed ?? []);
      expect(errors).toMatchObject([error]);
      const calls = world.cloud.calls.calls.filter(({ accessKeyId }) => accessKeyId === slow[0]);
      expect(calls.at(-1)).toMatchObject({ action: "ecr:PutImage" });
      expect(
        world.writes().filter(({ action }) => action === "ecr:PutImage").length,
      ).toBeGreaterThan(2);
    },
  );
});

describe("an execution that is stopped", () => {
  test("while people are asked is Cancelled, and the next release is not kept waiting", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    await world.stop(promotion);
    expect(await world.ending(promotion)).toBe("Cancelled");
    expect(await world.reasons(promotion)).toContain("aborted");
    expect(
      JSON.stringify(world.cloud.slack.messages(approval?.message?.channel ?? "")),
    ).not.toContain("promoter_approve");
    await world.pushRelease("1.4.3");
    expect(await world.approve()).toBe("Promoted");
  });

  test("while a scan is awaited is Cancelled", async () => {
    const world = await startWorld();
    world.cloud.ecr.scanner.set({ result: { kind: "never" } });
    const promotion = await world.pushRelease("1.4.2");
    await world.pass(20_000);
    await world.stop(promotion);
    expect(await world.ending(promotion)).toBe("Cancelled");
  });

  test("while the cluster is changed leaves the environment unsettled until a person has looked", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const promotion = await world.pushRelease("1.4.2");
    await world.until(async () => (await world.show(promotion)).promotion.progress === "deploying");
    await world.stop(promotion);
    expect(await world.ending(promotion)).toBe("Failed");
    expect((await world.status()).environments[0]?.lock).toMatchObject({
      unsettled: { by: promotion },
    });

    const next = await world.pushRelease("1.4.3");
    expect(await world.ending(next)).toBe("Refused");
    expect(await world.reasons(next)).toContain("`resume orderbook production --settled`");

    const resume = { application: "orderbook", environment: "production", by: "ada" };
    await expect(
      world.invoke("resume-environment", { ...resume, settled: false }),
    ).rejects.toMatchObject({ name: "NotAllowed" });
    await world.pass(2 * fiveMinutes);
    expect((await world.status()).environments[0]?.lock).toMatchObject({
      unsettled: { by: promotion },
    });
    await world.invoke("resume-environment", { ...resume, settled: true });
    await world.promote("1.4.3");
    expect(await world.ending()).toBe("Promoted");
  });

  test("while the cluster is changed is rolled back as soon as a person asks for it, and the release is on hold", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await world.pushRelease("1.4.1");
    expect(await world.ending()).toBe("Promoted");
    const promotion = await world.pushRelease("1.4.2");
    await world.until(async () => (await world.show(promotion)).promotion.progress === "deploying");
    await world.stop(promotion);
    expect(await world.ending(promotion)).toBe("Failed");
    const key = { application: "orderbook", environment: "production", by: "ada" };
    await world.pass(fiveMinutes);
    expect(await world.invoke("restore-environment", key)).toMatchObject({
      outcome: "progressing",
    });
    await world.pass(60_000);
    expect(await world.invoke("restore-environment", key)).toMatchObject({ outcome: "resumed" });
    expect(runningImages(world)).toEqual(["prod-1.4.1"]);
    const [production] = (await world.status()).environments;
    expect(production).toMatchObject({
      current: { version: "1.4.1" },
      holds: [{ version: "1.4.2" }],
    });
    expect(production?.lock.unsettled).toBeUndefined();
    await world.pushRelease("1.4.3");
    expect(await world.ending()).toBe("Promoted");
  });

  test("while tags are written frees the environment by itself: the cluster was never touched", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.calls.setFaults(({ action }) =>
      action === "ecr:PutImage" ? "fails-before" : undefined,
    );
    const promotion = await world.pushRelease("1.4.2");
    await world.until(async () => (await world.show(promotion)).promotion.progress === "writing");
    await world.stop(promotion);
    expect(await world.ending(promotion)).toBe("Failed");
    expect((await world.show(promotion)).trail).toContainEqual(
      expect.objectContaining({ step: "OnExecutionEnded", outcome: "Failed" }),
    );

    world.cloud.calls.setFaults(undefined);
    await world.pass(2 * fiveMinutes);
    expect((await world.status()).environments[0]?.lock.unsettled).toBeUndefined();
    await world.pushRelease("1.4.3");
    expect(await world.ending()).toBe("Promoted");
  });
});

interface Pushed {
  readonly promotion: string;
  readonly api: string;
}

/** 1.4.1 runs, 1.4.2 is under way and its api will crash. */
async function crashedSecondRelease(): Promise<{
  readonly world: StoryWorld;
  readonly first: Pushed;
  readonly second: Pushed;
}> {
  const world = await startWorld({ yaml: impatient });
  const first = await pushed(world, "1.4.1");
  expect(await world.ending(first.promotion)).toBe("Promoted");
  const second = await pushed(world, "1.4.2");
  world.cloud.clusters.get("orderbook-prod")?.behave(second.api, crash);
  return { world, first, second };
}

async function pushed(world: StoryWorld, version: string): Promise<Pushed> {
  const promotion = await world.pushRelease(version);
  return { promotion, api: world.tagged("orderbook-api", `dev-${version}`) ?? "" };
}

/** The release tags of what the pods run. */
function runningImages({ cloud }: StoryWorld): readonly string[] {
  const pods = cloud.clusters.get("orderbook-prod")?.objects("Pod", "orderbook") ?? [];
  const images = JSON.stringify(pods).matchAll(/"image":"[^"]+\/([\w-]+)@(sha256:[0-9a-f]{64})"/g);
  const tags = [...images].flatMap(([, repository = "", digest = ""]) =>
    cloud.ecr.images(repository).flatMap((one) => (one.digest === digest ? one.tags : [])),
  );
  return [...new Set(tags.filter((tag) => tag.startsWith("prod-")))];
}

async function layersOf(
  {
    cloud: {
      origin,
      registryCredentials: { user, password },
    },
  }: StoryWorld,
  repository: string,
  tag: string,
): Promise<readonly string[]> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  };
  const manifest: unknown = await (
    await fetch(`${origin}/v2/${repository}/manifests/${tag}`, { headers })
  ).json();
  return (manifest as { readonly layers: readonly { readonly digest: string }[] }).layers.map(
    ({ digest }) => digest,
  );
}
