import type { RecordedCall } from "@promoter/local-cloud/record";
import { describe, expect, test } from "vitest";
import { claimedUntil } from "../../src/domain/claim.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import { withoutApproval } from "../story/shop.ts";
import { startWorld, type StoryWorld } from "../story/start-world.ts";

const tenMinutes = 10 * 60_000;
const crash = { kind: "crash", exitCode: 1, message: "cannot open the database" } as const;
const impatient = (yaml: string): string =>
  withoutApproval(yaml).replace("rollout: 10m", "rollout: 1m");

const observing = (yaml: string): string =>
  withoutApproval(yaml).replace(/^( +)podSpec:/m, "$1observe: { for: 2m }\n$1podSpec:");

/**
 * Before anything is written an abort cancels; after that it fails, and once the cluster was being
 * changed nobody knows what runs.
 */
const states = [
  ["ResolveRelease", "Cancelled", "settled"],
  ["VerifyImages", "Cancelled", "settled"],
  ["CheckProductionTags", "Cancelled", "settled"],
  ["PreparePodSpec", "Cancelled", "settled"],
  ["EnterEnvironment", "Cancelled", "settled"],
  ["RequestApproval", "Cancelled", "settled"],
  ["AwaitVote", "Cancelled", "settled"],
  ["DecideApproval", "Cancelled", "settled"],
  ["RetagImages", "Failed", "settled"],
  ["DeployPodSpec", "Failed", "either"],
  ["CheckRollout", "Failed", "unsettled"],
  ["AwaitRollout", "Failed", "unsettled"],
  ["MoveMovingTags", "Failed", "settled"],
  ["ClosePromotion", "Promoted", "settled"],
  ["Announce", "Promoted", "settled"],
] as const;

describe("an execution that is stopped in", () => {
  test.each(states)(
    "%s ends as %s, %s, and the next release goes through",
    async (state, ending, settled) => {
      const world = await startWorld();
      const stopped = stopIn(world, state);
      const promotion = await world.pushRelease("1.4.2");
      if (!stopped()) await world.asked(promotion);
      if (!stopped()) await world.click(promotion, "approve");
      if (!stopped()) await world.until(() => stopped() || entered(world, promotion) === state);
      if (!stopped()) await world.stop(promotion);
      expect(await world.ending(promotion)).toBe(ending);
      await expectNextReleaseToGoThrough(world, settled);
    },
  );

  test.each([
    ["dies there", "dies-after", /^Cancelled$/],
    [
      "lives on, and takes the lock to writing before or after the ending is decided",
      undefined,
      /^(Cancelled|Failed)$/,
    ],
  ] as const)(
    "BeginWriting whose function %s is settled, and the next release goes through",
    async (_name, fault, ending) => {
      const world = await startWorld({ yaml: withoutApproval });
      stopIn(world, "BeginWriting", fault);
      await world.pushRelease("1.4.2");
      expect(await world.ending()).toMatch(ending);
      await expectNextReleaseToGoThrough(world, "settled");
    },
  );

  test.each(["RollBack", "CheckRollback", "AwaitRollback"])(
    "%s ends as Failed, unsettled, and the next release goes through",
    async (state) => {
      const world = await startWorld({ yaml: impatient });
      await world.pushRelease("1.4.1");
      expect(await world.ending()).toBe("Promoted");
      const promotion = await world.pushRelease("1.4.2");
      world.cloud.clusters
        .get("orderbook-prod")
        ?.behave(world.tagged("orderbook-api", "dev-1.4.2") ?? "", crash);
      const stopped = stopIn(world, state);
      await world.until(() => stopped() || entered(world, promotion) === state);
      if (!stopped()) await world.stop(promotion);
      expect(await world.ending(promotion)).toBe("Failed");
      await expectNextReleaseToGoThrough(world, "unsettled");
    },
  );

  test.each(["ObserveRelease", "AwaitObservation"])(
    "%s ends as Failed, unsettled, and the next release goes through",
    async (state) => {
      const world = await startWorld({ yaml: observing });
      const stopped = stopIn(world, state);
      const promotion = await world.pushRelease("1.4.2");
      await world.until(() => stopped() || entered(world, promotion) === state);
      if (!stopped()) await world.stop(promotion);
      expect(await world.ending(promotion)).toBe("Failed");
      await expectNextReleaseToGoThrough(world, "unsettled");
    },
  );

  test("AwaitTurn ends as Cancelled, gives up the place next, and the owner and the next release go through", async () => {
    const world = await startWorld();
    const owner = await world.pushRelease("1.4.1");
    await world.asked(owner);
    const promotion = await world.pushRelease("1.4.2");
    await stopOnceIn(world, promotion, "AwaitTurn");
    expect(await world.ending(promotion)).toBe("Cancelled");
    const lock = (await world.status()).environments[0]?.lock;
    expect([lock?.owner?.promotion, lock?.next]).toEqual([owner, undefined]);
    expect(await world.approve(owner)).toBe("Promoted");
    await expectNextReleaseToGoThrough(world, "settled");
  });

  test("AwaitSettle ends as Cancelled, settled, and the next release goes through", async () => {
    const world = await startWorld();
    await world.push("orderbook-api", "1.4.2");
    await world.push("orderbook-api", "1.4.2", { content: "rebuilt" });
    await world.push("orderbook-ui", "1.4.2");
    const promotion = world.promotions().at(-1) ?? "";
    await stopOnceIn(world, promotion, "AwaitSettle");
    expect(await world.ending(promotion)).toBe("Cancelled");
    await expectNextReleaseToGoThrough(world, "settled");
  });

  test("AwaitEarlierWriters ends as Cancelled, settled, and the next release waits for them as well", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const killed = stopAt(
      world,
      ({ functionName, service }) =>
        functionName === "promoter-dev-retag-images" && service === "ecr",
      "dies-after",
    );
    await world.pushRelease("1.4.1");
    await world.until(killed);
    expect(await world.ending()).toBe("Failed");
    const promotion = await world.pushRelease("1.4.2");
    await stopOnceIn(world, promotion, "AwaitEarlierWriters");
    expect(await world.ending(promotion)).toBe("Cancelled");
    await expectNextReleaseToGoThrough(world, "settled");
  });

  test("AwaitWriters ends as Failed, settled where nothing was applied, and the next release goes through", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.calls.setFaults(({ functionName, service }) =>
      functionName === "promoter-dev-deploy-pod-spec" && service.startsWith("kubernetes")
        ? "fails-before"
        : undefined,
    );
    const promotion = await world.pushRelease("1.4.2");
    await stopOnceIn(world, promotion, "AwaitWriters");
    world.cloud.calls.setFaults(undefined);
    expect(await world.ending(promotion)).toBe("Failed");
    expect(await world.reasons(promotion)).toContain("DeployPodSpec: ClusterUnavailable");
    await expectNextReleaseToGoThrough(world, "settled");
  });

  test("DeployPodSpec whose function dies before it changes anything is settled, and the next release waits until that function could write no more", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    killInDeployPodSpec(world);
    expect(await world.ending(await world.pushRelease("1.4.2"))).toBe("Failed");
    const { lock } = (await world.status()).environments[0] ?? {};
    expect([lock?.owner, lock?.unsettled]).toEqual([undefined, undefined]);
    const claimed = claimedUntil(lock?.claims ?? []);

    world.cloud.calls.setFaults(undefined);
    const next = await world.pushRelease("1.4.3");
    await world.until(async () => begins(await world.show(next)).length > 0);
    expect(begins(await world.show(next))).toEqual(["busy"]);
    expect(world.clock.now()).toBeLessThan(claimed);
    expect(world.tagged("orderbook-api", "prod-1.4.3")).toBeUndefined();
    world.cloud.calls.clear();
    expect(await world.ending(next)).toBe("Promoted");
    expect(begins(await world.show(next))).toEqual(["busy", "writing"]);
    expect(world.tagged("orderbook-api", "prod-1.4.3")).toBeDefined();
    expect(world.writes().filter(({ at }) => at < claimed)).toEqual([]);
  });

  test("its first step, whose function dies before there is a record, leaves nothing, and a person can promote it", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    stopIn(world, "ResolveRelease", "dies-after");
    await world.pushRelease("1.4.2");
    await world.pass(tenMinutes);
    expect((await world.status()).promotions).toEqual([]);
    expect(await world.ending(await world.promote("1.4.2"))).toBe("Promoted");
  });
});

const begins = ({ trail }: ShownPromotion): readonly string[] =>
  trail.flatMap(({ step, outcome }) => (step === "BeginWriting" ? [outcome] : []));

/**
 * After the claim, at its first look at the cluster; what tries it again until the execution is
 * stopped reaches nothing.
 */
function killInDeployPodSpec(world: StoryWorld): void {
  let killed = false;
  world.cloud.calls.setFaults(({ functionName, service }) => {
    if (functionName !== "promoter-dev-deploy-pod-spec") return undefined;
    if (killed) return "fails-before";
    if (!service.startsWith("kubernetes")) return undefined;
    killed = true;
    void world.stop(world.promotions().at(-1) ?? "");
    return "dies-after";
  });
}

/**
 * Stops the execution at the first call that the function of this state makes; the function itself
 * lives on, as a real one would, unless it dies.
 */
function stopIn(world: StoryWorld, state: string, fault?: "dies-after"): () => boolean {
  const name = `promoter-dev-${state.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}`;
  return stopAt(world, ({ functionName }) => functionName === name, fault);
}

function stopAt(
  world: StoryWorld,
  isThere: (call: Pick<RecordedCall, "functionName" | "service">) => boolean,
  fault?: "dies-after",
): () => boolean {
  let stopped = false;
  world.cloud.calls.setFaults((call) => {
    if (stopped || !isThere(call)) return undefined;
    stopped = true;
    void world.stop(world.promotions().at(-1) ?? "");
    return fault;
  });
  return () => stopped;
}

async function stopOnceIn(world: StoryWorld, promotion: string, state: string): Promise<void> {
  await world.until(() => entered(world, promotion) === state);
  await world.stop(promotion);
}

function entered({ cloud }: StoryWorld, promotion: string): string | undefined {
  const arn =
    cloud.stepFunctions.executions.arns.find((one) => one.endsWith(`:${promotion}`)) ?? "";
  const names = cloud.stepFunctions.executions
    .history(arn)
    .flatMap(({ type, details }) =>
      type.endsWith("StateEntered") ? [/"name":"(\w+)"/.exec(JSON.stringify(details))?.[1]] : [],
    );
  return names.at(-1);
}

/**
 * `either`: the function that lives on may or may not have begun to change the cluster when the
 * ending is decided.
 */
async function expectNextReleaseToGoThrough(
  world: StoryWorld,
  settled: "settled" | "unsettled" | "either",
): Promise<void> {
  await world.pass(tenMinutes);
  const {
    environments: [production],
    promotions,
  } = await world.status();
  expect(production?.lock.owner).toBeUndefined();
  const found = production?.lock.unsettled === undefined ? "settled" : "unsettled";
  expect(settled === "either" ? settled : found).toBe(settled);
  expect(promotions).toEqual([]);
  if (found === "unsettled") {
    await world.invoke("resume-environment", {
      application: "orderbook",
      environment: "production",
      by: "ada",
      settled: true,
    });
  }
  const next = await world.pushRelease("1.4.3");
  const { approval } = await world.asked(next);
  if (approval) await world.click(next, "approve");
  expect(await world.ending(next)).toBe("Promoted");
}
