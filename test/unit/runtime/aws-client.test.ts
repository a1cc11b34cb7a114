import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { dynamodbPromotions } from "../../../src/adapters/dynamodb/promotions.ts";
import { awsClient, patience, type ClientSettings } from "../../../src/runtime/aws-client.ts";
import { aFunctionWorld } from "./a-function-world.ts";

const settingsFor = (
  endpoint: string,
  further: Readonly<Record<string, string>> = {},
): ClientSettings => {
  const world = aFunctionWorld({
    env: { ...aFunctionWorld().env, AWS_ENDPOINT_URL: endpoint, ...further },
  });
  const seen: ClientSettings[] = [];
  awsClient(world, { service: "DYNAMODB" }, (settings) => {
    seen.push(settings);
    return new DynamoDBClient(settings);
  });
  return seen[0] as ClientSettings;
};

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a client of AWS", () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ["never answers", () => undefined],
    [
      "falls silent in the middle of an answer",
      (response) => response.writeHead(200, { "content-length": "100" }).write("{"),
    ],
  ])(
    "gives up on a service that %s, after two tries, as an error that the workflow tries again",
    async (_, answer) => {
      let tries = 0;
      const endpoint = await listening(
        createServer((_request, response) => {
          tries += 1;
          answer(response);
        }),
      );
      const settings = {
        ...settingsFor(endpoint),
        requestHandler: { connectionTimeout: 1_000, socketTimeout: 50 },
      };
      const promotions = dynamodbPromotions({
        client: new DynamoDBClient(settings),
        table: "promoter",
      });
      await expect(promotions.read("p-1")).rejects.toMatchObject({
        name: "StoreUnavailable",
        retryable: true,
      });
      expect(tries).toBe(2);
    },
    5_000,
  );

  it("is more patient where the world says so", () => {
    expect(settingsFor("http://127.0.0.1:9").requestHandler).toEqual(patience);
    const { requestHandler } = settingsFor("http://127.0.0.1:9", { PROMOTER_PATIENCE: "10" });
    expect(requestHandler).toEqual({
      connectionTimeout: patience.connectionTimeout * 10,
      socketTimeout: patience.socketTimeout * 10,
    });
  });

  it("has made both tries before a writing function stops by itself, which starts no call in its last 5 seconds", () => {
    const { maxAttempts } = settingsFor("http://127.0.0.1:9");
    expect(maxAttempts * patience.socketTimeout).toBeLessThan(5_000 - 500);
  });
});
