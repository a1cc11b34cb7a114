import { createHash } from "node:crypto";
import type { Intercept } from "@promoter/local-cloud/internal/gateway.ts";
import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterEach, describe, expect, it } from "vitest";
import { dynamodbTrail } from "../../../../src/adapters/dynamodb/trail.ts";
import { verifyChain } from "../../../../src/domain/trail.ts";

const entry = {
  visit: "v-1",
  step: "VerifyImages",
  at: 1,
  took: 1,
  outcome: "promote",
  who: "promoter",
  reasons: [],
};
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Another writer is quicker, again and again. */
function alwaysLoses(): { readonly intercept: Intercept; readonly writes: () => number } {
  let writes = 0;
  return {
    writes: () => writes,
    intercept: async ({ service, request }, next) => {
      if (service.operation(request)?.action !== "dynamodb:PutItem") return next();
      writes += 1;
      const body = JSON.stringify({
        __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        message: "The conditional request failed",
      });
      return { status: 400, headers: { "content-type": "application/x-amz-json-1.0" }, body };
    },
  };
}

describe("the trail in DynamoDB", () => {
  let table: StartedTable;
  afterEach(() => table.close());

  it("gives up after five lost races, to be retried later", async () => {
    const { intercept, writes } = alwaysLoses();
    table = await startTable({ intercept });
    await expect(dynamodbTrail(table).append("p-1", entry)).rejects.toMatchObject({
      name: "WriteContended",
      retryable: true,
    });
    expect(writes()).toBe(5);
  });

  it("reads one page and no more for a visit that has just begun, however long the trail is", async () => {
    const answers: number[] = [];
    const intercept: Intercept = async ({ service, request }, next) => {
      const response = await next();
      if (service.operation(request)?.action === "dynamodb:Query") {
        answers.push(
          (JSON.parse(String(response.body)) as { readonly Items: readonly unknown[] }).Items
            .length,
        );
      }
      return response;
    };
    table = await startTable({ intercept });
    const trail = dynamodbTrail(table);
    const hour = 3_600_000;
    for (let number = 1; number <= 60; number += 1) {
      await trail.append(
        "p-1",
        { ...entry, visit: `v-${number}`, at: number * hour },
        number * hour,
      );
    }
    answers.splice(0);
    await trail.append("p-1", { ...entry, visit: "v-61", at: 61 * hour }, 61 * hour);
    expect(answers).toEqual([50]);
    await trail.append("p-1", { ...entry, visit: "v-2", at: 62 * hour });
    expect(answers.slice(1)).toEqual([50, 11]);
    expect(await trail.read("p-1")).toHaveLength(61);
  });

  it("chains a text that was cut within a character as it will be read back", async () => {
    table = await startTable();
    const trail = dynamodbTrail(table);
    await trail.append("p-1", { ...entry, reasons: [`rolled out ${"🚀".slice(0, 1)}`] });
    await trail.append("p-1", { ...entry, visit: "v-2" });
    expect(verifyChain(await trail.read("p-1"), sha256)).toBeUndefined();
  });
});
