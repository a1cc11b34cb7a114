import type { RealPart } from "@promoter/local-cloud/real-parts";
import { describe, expect, it } from "vitest";
import { refuseSelfApproval } from "../../../../cli/real-parts/refuse-self-approval.ts";

const ecr: RealPart = { kind: "ecr", endpoint: "https://api.ecr.eu-west-1.amazonaws.com" };
const slack: RealPart = { kind: "slack", api: "https://slack.com/api" };
const cluster: RealPart = { kind: "cluster", name: "orderbook-prod", context: "kind-orderbook" };

describe("nothing is approved automatically", () => {
  it.each([[[ecr]], [[slack]], [[cluster]], [[ecr, slack, cluster]]])(
    "as soon as one part is real: %j",
    (parts) => {
      expect(refuseSelfApproval(parts, { yes: true, once: false })).toMatch(
        /real, so nothing is approved automatically: run `npm start` in a terminal, without --yes$/,
      );
    },
  );

  it("names every real part", () => {
    expect(refuseSelfApproval([ecr, slack, cluster], { yes: true, once: true })).toContain(
      "ECR at https://api.ecr.eu-west-1.amazonaws.com, Slack at https://slack.com/api, cluster orderbook-prod (context kind-orderbook): real",
    );
  });

  it.each([[[]], [[slack]], [[cluster]]])("a person at a terminal is asked: %j", (parts) => {
    expect(refuseSelfApproval(parts, { yes: false, once: true })).toBeUndefined();
  });

  it("while all is simulated it may", () => {
    expect(refuseSelfApproval([], { yes: true, once: true })).toBeUndefined();
  });
});

it("a real ECR starts nothing here, so there is nothing to wait for once", () => {
  expect(refuseSelfApproval([ecr], { yes: false, once: true })).toContain("omit --once");
  expect(refuseSelfApproval([ecr], { yes: false, once: false })).toBeUndefined();
});
