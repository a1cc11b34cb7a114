import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  imageName,
  parseReference,
  pinnedReference,
} from "../../../../src/domain/image/reference.ts";
import { isHostOf, registryHost } from "../../../../src/domain/image/registry-host.ts";

const registry = { account: "111122223333", region: "eu-west-1" };
const digest = `sha256:${"a".repeat(64)}`;

// What github.com/distribution/reference 0.6.0 answers (ParseNormalizedNamed; kubelet and containerd read images with it).
describe("an image reference", () => {
  it.each([
    ["nginx", undefined, "nginx", undefined, undefined],
    ["nginx:1.27", undefined, "nginx", "1.27", undefined],
    [`nginx@${digest}`, undefined, "nginx", undefined, digest],
    [`nginx:1.27@${digest}`, undefined, "nginx", "1.27", digest],
    ["team/web", undefined, "team/web", undefined, undefined],
    ["localhost/web", "localhost", "web", undefined, undefined],
    ["localhost:5000/team/web", "localhost:5000", "team/web", undefined, undefined],
    ["localhost:5000/team/web:1.2", "localhost:5000", "team/web", "1.2", undefined],
    [`localhost:5000/team/web@${digest}`, "localhost:5000", "team/web", undefined, digest],
    ["localhost:5000", undefined, "localhost", "5000", undefined],
    ["[::1]:5000/web", "[::1]:5000", "web", undefined, undefined],
    ["UPPER/web", "UPPER", "web", undefined, undefined],
    ["Mirror.Example:443/web:V1", "Mirror.Example:443", "web", "V1", undefined],
    [`web@sha512:${"b".repeat(128)}`, undefined, "web", undefined, `sha512:${"b".repeat(128)}`],
    [
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api:dev-1",
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
      "orderbook-api",
      "dev-1",
      undefined,
    ],
  ])(
    "%s is of registry %s, path %s, tag %s, digest %s",
    (text, host, path, tag, expectedDigest) => {
      expect(parseReference(text)).toEqual({
        name: host === undefined ? path : `${host}/${path}`,
        host,
        path,
        tag,
        digest: expectedDigest,
      });
    },
  );

  it.each([
    "",
    " web",
    "web ",
    "Web",
    "web:",
    "web:${TAG}",
    "web:{{ .Values.tag }}",
    "web:-1",
    `web:${"x".repeat(129)}`,
    "https://a.b/web",
    "a.b./web",
    "a.b//web",
    "a.b/web/",
    "a.b/Web",
    "_a/web",
    "web@sha256:abc",
    `web@sha256:${"A".repeat(64)}`,
    `web@md5:${"a".repeat(32)}`,
    "a".repeat(64),
    "web:1\n",
    "wéb",
    `a.b/${"x".repeat(256)}`,
  ])("%j is none", (text) => {
    expect(parseReference(text)).toBeUndefined();
  });

  it("reads back as what it was put together from", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(part, (repository) => {
        const name = imageName(registry, repository);
        expect(parseReference(pinnedReference(name, digest))).toMatchObject({
          name,
          path: repository,
          tag: undefined,
          digest,
        });
      }),
    );
  });
});

// AWS general reference, "Amazon ECR endpoints and quotas": Docker registry endpoints.
it.each([
  ["eu-west-1", "111122223333.dkr.ecr.eu-west-1.amazonaws.com"],
  ["us-gov-west-1", "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com"],
  ["cn-north-1", "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"],
  ["eusc-de-east-1", "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu"],
])("the registry of %s is %s", (region, host) => {
  expect(registryHost({ ...registry, region })).toBe(host);
});

// ECR user guide, "Making requests over IPv6", "FIPS endpoints"; the patterns of amazon-ecr-credential-helper and cloud-provider-aws.
describe("the registry has several names:", () => {
  it.each([
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    "111122223333.dkr-ecr.eu-west-1.on.aws",
    "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
    "111122223333.dkr-ecr-fips.eu-west-1.on.aws",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com:443",
    "111122223333.DKR.ECR.EU-WEST-1.AMAZONAWS.COM",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com.",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com.:443",
  ])("%s", (host) => {
    expect(isHostOf(registry, host)).toBe(true);
  });

  it.each([
    ["cn-north-1", "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"],
    ["cn-north-1", "111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn"],
    ["us-gov-west-1", "111122223333.dkr-ecr-fips.us-gov-west-1.on.aws"],
    ["eusc-de-east-1", "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu"],
    ["eusc-de-east-1", "111122223333.dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu"],
    ["us-iso-east-1", "111122223333.dkr.ecr.us-iso-east-1.c2s.ic.gov"],
    ["us-isob-east-1", "111122223333.dkr.ecr.us-isob-east-1.sc2s.sgov.gov"],
  ])("in %s %s", (region, host) => {
    expect(isHostOf({ ...registry, region }, host)).toBe(true);
  });

  it.each([
    "999988887777.dkr.ecr.eu-west-1.amazonaws.com",
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
    "x111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    "a.111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com.example.com",
    "111122223333xdkr.ecr.eu-west-1.amazonaws.com",
    "111122223333.dkr.ecr.eu-west-1.amazonawsXcom",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com:",
    "public.ecr.aws",
  ])("but not %s", (host) => {
    expect(isHostOf(registry, host)).toBe(false);
  });
});
