import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { virtualClock, type VirtualClock } from "@promoter/local-cloud/clock";
import type { Context } from "aws-lambda";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import * as z from "zod";
import { parseDigest } from "../../../src/domain/image/digest.ts";
import { parseRepositoryName } from "../../../src/domain/image/repository.ts";
import type { StoredManifest } from "../../../src/domain/image/stored-manifest.ts";
import { fetchInTime, type Invocation } from "../../../src/runtime/invocation.ts";
import { lambda, type LambdaHandler } from "../../../src/runtime/lambda.ts";
import { registryOf } from "../../../src/runtime/registry.ts";
import type { World } from "../../../src/runtime/world.ts";
import { tag } from "../../builders/a-world.ts";
import { aFunctionWorld } from "./a-function-world.ts";

/** Longer than the pause before the SDK's second try. */
const secondTry = 400;
const repository = parseRepositoryName("shop-api") as NonNullable<
  ReturnType<typeof parseRepositoryName>
>;
const manifest = {
  digest: parseDigest(`sha256:${"1".repeat(64)}`),
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  text: "{}",
} as StoredManifest;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const silence: Answer = () => undefined;
const fault: Answer = (_, response) => response.writeHead(500).end();

interface Setting {
  readonly world: World;
  readonly clock: VirtualClock;
  /** What came to the services, oldest first. */
  readonly requests: readonly IncomingMessage[];
  readonly exit: () => void;
  readonly logs: readonly object[];
  /** A function with this work, invoked with so much time. */
  readonly invoke: (
    work: (invocation: Invocation) => Promise<unknown>,
    options?: { readonly whenTimeRunsOut: "answer" },
  ) => Promise<unknown>;
}

const remaining = 120_000;

async function settingWith(answer: Answer): Promise<Setting> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = virtualClock();
  const exit = vi.fn<() => void>();
  const logs: object[] = [];
  const { env } = aFunctionWorld();
  const world = aFunctionWorld({
    clock,
    exit,
    at: (time, action) => clock.at(time, action),
    log: (record) => void logs.push(record),
    env: { ...env, AWS_ENDPOINT_URL: address, PROMOTER_REGISTRY: "111122223333" },
  });
  const invoke: Setting["invoke"] = (work, options) => {
    const handler: LambdaHandler = lambda(
      world,
      { name: "RetagImages", schema: z.unknown(), ...options },
      (_, invocation) => work(invocation),
    );
    const end = clock.now() + remaining;
    return handler({}, {
      awsRequestId: "id-1",
      getRemainingTimeInMillis: () => end - clock.now(),
    } as Context).catch((error: unknown) => error);
  };
  return { world, clock, requests, exit, logs, invoke };
}

const putImage = ({ world }: Setting, name = "prod"): Promise<unknown> =>
  registryOf(world).putTag(repository, tag(name), manifest);
const arrived = ({ requests }: Setting, count = 1): Promise<void> =>
  vi.waitFor(() => expect(requests).toHaveLength(count));

/** Whatever is left of the process gets time for it. */
async function comeInTheEnd({ requests }: Setting): Promise<number> {
  await after(secondTry);
  return requests.length;
}

describe("a call whose function runs out of time", () => {
  it("is aborted at the deadline and not retried, and the function ends without an answer", async () => {
    const setting = await settingWith(silence);
    const answered = vi.fn<() => void>();
    void setting.invoke(() => putImage(setting)).then(answered);
    await arrived(setting);
    setting.clock.advanceTo(setting.clock.now() + remaining - 501);
    expect(setting.exit).not.toHaveBeenCalled();
    setting.clock.advanceTo(setting.clock.now() + 1);
    expect(await comeInTheEnd(setting)).toBe(1);
    expect(setting.requests[0]?.socket.destroyed).toBe(true);
    expect(setting.exit).toHaveBeenCalledOnce();
    expect(answered).not.toHaveBeenCalled();
    expect(setting.logs).toMatchObject([
      { level: "error", error: "TimeRanOut", took: remaining - 500 },
    ]);
  });

  it("is never sent by the SDK's second try in a function that was frozen and thawed ten seconds late, when no timer has fired", async () => {
    const setting = await settingWith((request, response) => {
      now += remaining + 10_000;
      fault(request, response);
    });
    let now = 0;
    const thawed = {
      ...setting,
      world: { ...setting.world, clock: { now: () => now }, at: () => () => undefined },
    };
    const handler = lambda(thawed.world, { name: "RetagImages", schema: z.unknown() }, () =>
      putImage(thawed),
    );
    void handler({}, {
      awsRequestId: "id-1",
      getRemainingTimeInMillis: () => remaining - now,
    } as Context);
    await vi.waitFor(() => expect(setting.exit).toHaveBeenCalled());
    expect(await comeInTheEnd(setting)).toBe(1);
  });

  it("is not sent when it still waits for a connection", async () => {
    const held: ServerResponse[] = [];
    const setting = await settingWith((_, response) => void held.push(response));
    void setting.invoke(() =>
      Promise.all(Array.from({ length: 60 }, (_, index) => putImage(setting, `prod-${index}`))),
    );
    await arrived(setting, 50);
    setting.clock.advanceTo(setting.clock.now() + remaining);
    for (const response of held) response.writeHead(500).end();
    expect(await comeInTheEnd(setting)).toBe(50);
  });

  it("is not sent by an adapter that speaks HTTP by itself", async () => {
    const setting = await settingWith(silence);
    const url = setting.world.env["AWS_ENDPOINT_URL"] ?? "";
    void setting.invoke(async () => {
      await fetchInTime(setting.world)(url).catch(() => undefined);
      await fetchInTime(setting.world)(url);
    });
    await arrived(setting);
    setting.clock.advanceTo(setting.clock.now() + remaining);
    expect(await comeInTheEnd(setting)).toBe(1);
  });
});

describe("a call that a function leaves behind", () => {
  it.each([
    ["answers", async () => "done", "done"],
    [
      "fails",
      async () => {
        throw new Error("broken");
      },
      expect.objectContaining({ message: "broken" }) as unknown,
    ],
  ])(
    "is aborted when the function %s, and not sent again in the next run of its container",
    async (_, end, answer) => {
      const setting = await settingWith(silence);
      expect(
        await setting.invoke(async () => {
          void putImage(setting).catch(() => undefined);
          await arrived(setting);
          return end();
        }),
      ).toEqual(answer);
      await setting.invoke(() =>
        vi.waitFor(() => expect(setting.requests[0]?.socket.destroyed).toBe(true)),
      );
      expect(await setting.invoke(() => comeInTheEnd(setting))).toBe(1);
    },
  );

  it("is not even begun in the next run", async () => {
    const setting = await settingWith(silence);
    const thawed = Promise.withResolvers<void>();
    const left: Promise<unknown>[] = [];
    await setting.invoke(
      async () =>
        void left.push(
          thawed.promise.then(() => putImage(setting)).catch((error: unknown) => error),
        ),
    );
    await setting.invoke(async () => {
      thawed.resolve();
      expect(await left[0]).toMatchObject({ name: "TimeRanOut" });
    });
    expect(setting.requests).toHaveLength(0);
  });
});

describe("a call of a function that has time", () => {
  it("is retried, as before", async () => {
    const setting = await settingWith(fault);
    expect(await setting.invoke(() => putImage(setting))).toMatchObject({
      name: "RegistryUnavailable",
    });
    expect(setting.requests).toHaveLength(2);
  });

  it("does not end the function when it fails", async () => {
    const setting = await settingWith(fault);
    await setting.invoke(() => Promise.reject(new Error("broken")));
    expect(setting.exit).not.toHaveBeenCalled();
  });
});

describe("a function whose time runs out", () => {
  it("answers so when it only reads for a person", async () => {
    const setting = await settingWith(silence);
    const answer = setting.invoke(() => new Promise(() => undefined), {
      whenTimeRunsOut: "answer",
    });
    setting.clock.advanceTo(setting.clock.now() + remaining);
    expect(await answer).toMatchObject({ name: "TimeRanOut", retryable: true });
    expect(setting.exit).not.toHaveBeenCalled();
  });

  it("leaves no timer behind when it answers in time", async () => {
    const setting = await settingWith(silence);
    await setting.invoke(async () => "done");
    expect(setting.clock.next()).toBeUndefined();
  });

  it("learns until when it may work, and is distinguished from every other run of the same event", async () => {
    const setting = await settingWith(silence);
    const runs: Invocation[] = [];
    for (const _ of [1, 2]) await setting.invoke(async (invocation) => void runs.push(invocation));
    expect(runs).toEqual(
      [1, 2].map(() => ({
        deadline: setting.clock.now() + remaining - 500,
        invocation: expect.stringMatching(/^id-1\//) as unknown,
      })),
    );
    expect(runs[0]?.invocation).not.toBe(runs[1]?.invocation);
  });
});
