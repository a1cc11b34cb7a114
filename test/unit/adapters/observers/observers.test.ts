import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observersIn } from "../../../../src/adapters/observers/observers.ts";
import { PromoterError } from "../../../../src/domain/errors.ts";
import type { Observers } from "../../../../src/ports/observers.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const json =
  (value: unknown, status = 200, headers = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
  };

const over = async (): Promise<never> =>
  Promise.reject(new PromoterError("TimeRanOut", "the time is over"));
const arn = (name: string, region = "eu-west-1") =>
  `arn:aws:cloudwatch:${region}:111122223333:alarm:${name}`;
const alarm = (AlarmName: string, StateValue: string, StateReason?: string) => ({
  AlarmName,
  StateValue,
  StateReason,
});

describe("observers", () => {
  let server: Server;
  let origin: string;
  let answer: Answer;
  let asked: string[];
  let observers: Observers;

  /** Of a busy machine more is to be expected than of an observer. */
  function observersWith(patience: number): Observers {
    const settings = {
      endpoint: origin,
      maxAttempts: 1,
      credentials: { accessKeyId: "A", secretAccessKey: "S" },
    };
    return observersIn({
      cloudWatch: (region) => new CloudWatchClient({ ...settings, region }),
      lambda: (region) => new LambdaClient({ ...settings, region }),
      fetch,
      patience,
    });
  }
  const get = (path = "/healthz?token=s3cret") => observers.http(`${origin}${path}`);

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => void chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        asked.push(`${request.method} ${request.url} ${body}`);
        answer(request, response, body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    observers = observersWith(10);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  describe("a URL", () => {
    it("is well with 200 to 299, and without its query in the words", async () => {
      answer = json({}, 204);
      expect(await get()).toEqual({ kind: "well", reason: `${origin}/healthz answers 204` });
    });

    it("is not well with another status, in the first words of what it says", async () => {
      answer = (_, response) => {
        response.writeHead(503);
        response.end(`database\n is\u001b[31m down ${"x".repeat(500_000)}`);
      };
      const { kind, reason } = await get();
      expect(kind).toBe("unwell");
      expect(reason).toContain("/healthz answers 503: database is");
      expect(reason.length).toBeLessThan(300);
      expect(reason).not.toContain("\u001b");
    });

    it("is followed within its origin, and not to another host or for ever", async () => {
      answer = (request, response) => {
        const target = request.url === "/a" ? "/b" : "https://elsewhere.example/healthz";
        response.writeHead(302, { location: target }).end();
      };
      expect(await get("/a")).toEqual({
        kind: "unclear",
        reason: `${origin}/b redirects to another host (https://elsewhere.example), which is not asked`,
      });
      answer = (_, response) => void response.writeHead(302, { location: "/again" }).end();
      expect(await get("/a")).toMatchObject({ kind: "unclear" });
      expect(asked.length).toBeLessThan(8);
    });

    it("is unclear when it is too busy, silent, or not there", async () => {
      answer = json({}, 429);
      expect(await get()).toMatchObject({ kind: "unclear" });
      answer = () => undefined;
      observers = observersWith(0.02);
      expect(await get()).toMatchObject({
        kind: "unclear",
        reason: expect.stringContaining("TimeoutError") as unknown,
      });
      expect((await get()).reason).toMatch(/\/healthz could not be asked: /);
      const there = origin;
      origin = "http://127.0.0.1:1";
      expect(await get("/")).toMatchObject({ kind: "unclear" });
      origin = there;
    });

    it("lets pass what ends the whole function", async () => {
      const late = observersIn({
        cloudWatch: () => new CloudWatchClient({ region: "eu-west-1" }),
        lambda: () => new LambdaClient({ region: "eu-west-1" }),
        fetch: over,
        patience: 1,
      });
      await expect(late.http("https://shop.example/")).rejects.toMatchObject({
        name: "TimeRanOut",
      });
    });
  });

  describe("alarms", () => {
    it("are well, not well, or unknown, each by itself, with one call for each Region", async () => {
      answer = (request, response, body) =>
        json({
          MetricAlarms: body.includes("calm")
            ? [
                alarm("calm", "OK"),
                alarm("new: one", "INSUFFICIENT_DATA"),
                alarm("errors", "ALARM", "5 datapoints"),
              ]
            : [],
        })(request, response, body);
      const names = ["calm", "new: one", "errors"].map((name) => arn(name));
      expect(await observers.alarms([...names, arn("gone", "us-east-1")])).toEqual([
        { kind: "well", reason: "alarm calm is OK" },
        { kind: "well", reason: "alarm new: one has too little data yet" },
        { kind: "unwell", reason: "alarm errors is in ALARM: 5 datapoints" },
        {
          kind: "unclear",
          reason: "there is no metric alarm gone; composite alarms cannot be observed",
        },
      ]);
      expect(asked).toHaveLength(2);
    });

    it("say why on one line, with nothing that a terminal would obey", async () => {
      const reason = "5 datapoints\n\u001b[2J were too many";
      answer = json({ MetricAlarms: [alarm("errors", "ALARM", reason)] });
      expect(await observers.alarms([arn("errors")])).toEqual([
        {
          kind: "unwell",
          reason: "alarm errors is in ALARM: 5 datapoints \uFFFD[2J were too many",
        },
      ]);
    });

    it("are unclear when CloudWatch refuses", async () => {
      answer = json({ __type: "AccessDeniedException", message: "not authorized" }, 400);
      expect(await observers.alarms([arn("errors")])).toEqual([
        {
          kind: "unclear",
          reason: expect.stringMatching(
            /^alarm errors could not be asked: .*not authorized/,
          ) as unknown,
        },
      ]);
    });
  });

  describe("a function", () => {
    const release = {
      promotion: "p-1",
      application: "shop",
      environment: "production",
      version: "1.0.0",
      since: 1,
      until: 2,
      members: [],
    };
    const ask = () =>
      observers.invoke("arn:aws:lambda:eu-west-1:111122223333:function:smoke:live", release);

    it("gets the release, and is believed", async () => {
      answer = json({ healthy: true });
      expect(await ask()).toEqual({ kind: "well", reason: "function smoke:live says healthy" });
      expect(asked[0]).toContain(JSON.stringify(release));
      answer = json({ healthy: false, reason: "no prices" });
      expect(await ask()).toEqual({
        kind: "unwell",
        reason: "function smoke:live says not healthy: no prices",
      });
    });

    it.each([
      [
        "fails",
        json({ errorMessage: "boom" }, 200, { "x-amz-function-error": "Unhandled" }),
        /failed: .*boom/,
      ],
      ["answers something else", json("fine"), /must answer \{"healthy": true\}, got "fine"/],
      ["is not there", json({ message: "gone" }, 404), /could not be asked/],
    ])("that %s says nothing", async (_, how, reason) => {
      answer = how;
      expect(await ask()).toEqual({
        kind: "unclear",
        reason: expect.stringMatching(reason) as unknown,
      });
    });
  });
});
