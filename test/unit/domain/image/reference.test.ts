import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatReference, imageName, parseReference, registryHost } from "../../../../src/domain/image/reference.ts";

const registry = { account: "111122223333", region: "eu-west-1" };
const digest = `sha256:${"a".repeat(64)}`;

describe("an image reference", () => {
  // Results of `kubectl kustomize` (api/internal/image, Split): a colon before the first slash belongs to the registry.
  it.each([
    ["nginx", "nginx", undefined, undefined],
    ["nginx:1.27", "nginx", "1.27", undefined],
    [`nginx@${digest}`, "nginx", undefined, digest],
    [`nginx:1.27@${digest}`, "nginx", "1.27", digest],
    ["localhost:5000/team/web", "localhost:5000/team/web", undefined, undefined],
    ["localhost:5000/team/web:1.2", "localhost:5000/team/web", "1.2", undefined],
    [`localhost:5000/team/web@${digest}`, "localhost:5000/team/web", undefined, digest],
    ["localhost:5000", "localhost", "5000", undefined],
    ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api:dev-1", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api", "dev-1", undefined],
  ])("%s is %s with tag %s and digest %s", (text, name, tag, expectedDigest) => {
    expect(parseReference(text)).toEqual({ name, tag, digest: expectedDigest });
  });

  it("reads back as what it was put together from", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(fc.property(part, part, (repository, tag) => {
      const text = formatReference({ registry, repository, tag, digest });
      expect(parseReference(text)).toEqual({ name: imageName(registry, repository), tag, digest });
    }));
  });
});

// AWS general reference, "Amazon ECR endpoints and quotas": Docker registry endpoints.
it.each([["eu-west-1", "111122223333.dkr.ecr.eu-west-1.amazonaws.com"], ["us-gov-west-1", "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com"], ["cn-north-1", "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"], ["eusc-de-east-1", "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu"]])(
  "the registry of %s is %s", (region, host) => {
    expect(registryHost({ ...registry, region })).toBe(host);
  },
);
