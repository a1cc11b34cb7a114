import { expect, it } from "vitest";
import { kubernetesIdentity } from "../../kubernetes-identity.ts";

const roleArn = "arn:aws:iam::111122223333:role/deploy";
const callerOf = (key: string | undefined) =>
  key === "ASIADEPLOY"
    ? { role: roleArn, functionName: "deploy" }
    : { role: undefined, functionName: undefined };

function tokenOf(query: string): string {
  return `k8s-aws-v1.${Buffer.from(`https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&${query}`).toString("base64url")}`;
}

const signed = "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id";
const signedBy = (key: string): string =>
  `X-Amz-Credential=${key}%2F20260105%2Feu-west-1%2Fsts%2Faws4_request&${signed}`;

// Form of the token: aws-iam-authenticator, pkg/token.
it.each([
  [
    "a function's role",
    signedBy("ASIADEPLOY"),
    { user: roleArn, groups: ["promoter:orderbook-prod"], functionName: "deploy" },
  ],
  [
    "a person of this machine",
    signedBy("AKIAPERSON"),
    { user: "AKIAPERSON", groups: ["promoter:orderbook-prod"] },
  ],
  ["no one without credentials", signed, undefined],
  [
    "no one when the cluster's name is not signed",
    signedBy("AKIAPERSON").replace("%3Bx-k8s-aws-id", ""),
    undefined,
  ],
])("takes a token for that of %s", (_, query, identity) => {
  expect(kubernetesIdentity(tokenOf(query), { cluster: "orderbook-prod", callerOf })).toEqual(
    identity,
  );
});

it("takes a request without a token for that of a person of this machine, as kubectl sends it over plain HTTP", () => {
  expect(kubernetesIdentity(undefined, { cluster: "orderbook-prod", callerOf })).toEqual({
    user: "person",
    groups: ["system:masters"],
  });
});

it("takes no other kind of token", () => {
  expect(kubernetesIdentity("secret", { cluster: "orderbook-prod", callerOf })).toBeUndefined();
});
