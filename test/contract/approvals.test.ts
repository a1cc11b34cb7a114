import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbApprovals } from "../../src/adapters/dynamodb/approvals.ts";
import { fakeApprovals } from "../fakes/approvals.ts";
import { approvalsContract } from "./approvals.contract.ts";

approvalsContract("fake", async () => ({ approvals: fakeApprovals(), close: async () => {} }));
approvalsContract("dynamodb", async () => {
  const table = await startTable();
  return { approvals: dynamodbApprovals(table), close: () => table.close() };
});
