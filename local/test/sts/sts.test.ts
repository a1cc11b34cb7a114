import { afterEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../clock.ts";
import { startGateway, type Gateway } from "../../gateway.ts";
import { createSts } from "../../sts/sts.ts";

const arn = "arn:aws:sts::111122223333:assumed-role/apply/apply";
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

const scope = (key: string) => `${key}/20260105/eu-west-1/sts/aws4_request`;

async function open() {
  const sts = createSts(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock: virtualClock(),
      origin: () => "",
      emit: () => undefined,
      track: (work) => work,
    },
    {
      callerOf: (accessKeyId) =>
        accessKeyId === "ASIAAPPLY" ? { arn, userId: "AROAEXAMPLE:apply" } : undefined,
    },
  );
  const gateway = await startGateway({ services: () => [sts] });
  gateways.push(gateway);
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${gateway.origin}${path}`, init);
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: await response.text(),
    };
  };
  const form = (key: string, body: string, headers: Record<string, string> = {}) =>
    ask("/", {
      method: "POST",
      headers: {
        ...headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope(key)}, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body,
    });
  const presigned = (key: string) =>
    ask(
      `/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=${encodeURIComponent(scope(key))}&X-Amz-Expires=60&X-Amz-Signature=0`,
    );
  return { sts, form, presigned };
}

const call = "Action=GetCallerIdentity&Version=2011-06-15";

// Form of the answers: STS API reference, GetCallerIdentity, "Examples", and "Common Errors".
describe("GetCallerIdentity", () => {
  it("answers a signed form with XML", async () => {
    const { form } = await open();
    const answer = await form("ASIAAPPLY", call);
    expect(answer).toMatchObject({ status: 200, type: "text/xml" });
    expect(answer.body).toMatch(
      new RegExp(
        `^<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn>` +
          "<UserId>AROAEXAMPLE:apply</UserId><Account>111122223333</Account></GetCallerIdentityResult>" +
          "<ResponseMetadata><RequestId>[-0-9a-f]+</RequestId></ResponseMetadata></GetCallerIdentityResponse>$",
      ),
    );
  });

  it("answers a presigned URL, as an EKS token carries it", async () => {
    const { presigned } = await open();
    expect(await presigned("ASIAAPPLY")).toMatchObject({
      status: 200,
      body: expect.stringContaining(`<Arn>${arn}</Arn>`),
    });
  });

  it.each([
    ["an unknown key", "ASIAOTHER", call, 403, "InvalidClientTokenId"],
    ["another action", "ASIAAPPLY", "Action=AssumeRole&Version=2011-06-15", 400, "InvalidAction"],
    [
      "another version",
      "ASIAAPPLY",
      "Action=GetCallerIdentity&Version=2010-01-01",
      400,
      "InvalidAction",
    ],
  ])("refuses %s", async (_, key, body, status, code) => {
    const { form } = await open();
    const answer = await form(key, body);
    expect(answer).toMatchObject({
      status,
      body: expect.stringContaining(`<Error><Type>Sender</Type><Code>${code}</Code>`),
    });
  });

  it("refuses a request without credentials", async () => {
    const { sts } = await open();
    const caller = { accessKeyId: undefined, role: undefined, functionName: undefined };
    const answer = await sts.handle({
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(call),
      caller,
    });
    expect(answer).toMatchObject({
      status: 403,
      body: expect.stringContaining("MissingAuthenticationToken"),
    });
  });

  it("escapes what it echoes", async () => {
    const { form } = await open();
    const { body } = await form("ASIAAPPLY", "Action=%3Cscript%3E%26&Version=2011-06-15");
    expect(body).toContain(
      "the local cloud does not support sts:&lt;script&gt;&amp; of version 2011-06-15: nothing that the promoter ships uses it",
    );
  });

  it("needs no permission", async () => {
    const { sts } = await open();
    const caller = { accessKeyId: "ASIAAPPLY", role: undefined, functionName: undefined };
    expect(
      sts.operation({
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.from(call),
        caller,
      }),
    ).toBeUndefined();
  });
});
