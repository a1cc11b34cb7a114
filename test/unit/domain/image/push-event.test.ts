import { describe, expect, it } from "vitest";
import type { Configuration, Environment } from "../../../../src/domain/configuration.ts";
import { classifyPush, type PushEvent } from "../../../../src/domain/image/push-event.ts";
import {
  parseRepositoryName,
  type RepositoryName,
} from "../../../../src/domain/image/repository.ts";
import { parseTagPattern, type TagPattern } from "../../../../src/domain/image/tag-pattern.ts";
import { parseTag } from "../../../../src/domain/image/tag.ts";
import { plainMember } from "../../../../src/domain/member-source.ts";
import type { VersionOrder } from "../../../../src/domain/version-order.ts";
import { everyVersion, type VersionPolicy } from "../../../../src/domain/version-policy.ts";

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not well formed");
  return value;
}

const pattern = (text: string): TagPattern => must(parseTagPattern(text));
const repository = (text: string): RepositoryName => must(parseRepositoryName(text));

function environment(name: string, moving?: string): Environment {
  return {
    name,
    after: undefined,
    versions: everyVersion,
    tags: {
      release: pattern(`${name}-{version}`),
      moving: moving === undefined ? undefined : must(parseTag(moving)),
    },
    rules: { platforms: [], age: 0 },
    approval: undefined,
    podSpec: {
      cluster: "c",
      namespace: name,
      objects: { kind: "files", folder: "deploy" },
      rollout: 1,
      force: false,
      failFast: true,
      kinds: [],
      restartOnConfig: true,
      images: "fields",
    },
  };
}

function configuration(order: VersionOrder = "semver"): Configuration {
  const orderbook = {
    name: "orderbook",
    members: ["orderbook-api", "team/orderbook-ui"].map((name) =>
      plainMember(repository(name), pattern("dev-{version}")),
    ),
    source: { tag: pattern("dev-{version}"), order, versions: everyVersion, settle: 0 },
    environments: {
      staging: environment("staging"),
      production: environment("production", "prod"),
    },
  };
  return {
    registry: { account: "111122223333", region: "eu-west-1", putImageRate: 10 },
    clusters: {},
    applications: { orderbook },
  };
}

const digest = `sha256:${"a".repeat(64)}`;

/** A captured event of a tagged push, in our words. */
const pushed: PushEvent = {
  id: "e1",
  account: "111122223333",
  region: "eu-west-1",
  time: "2026-11-23T09:00:00Z",
  action: "PUSH",
  result: "SUCCESS",
  repository: "orderbook-api",
  digest,
  tag: "dev-1.4.2",
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  artifactType: "application/vnd.oci.image.config.v1+json",
};

const attached = `sha256-${"b".repeat(64)}`;

describe("a pushed image is a member", () => {
  it.each<readonly [string, Partial<PushEvent>]>([
    ["with both media types", {}],
    [
      "without media types, as in the sample of the ECR guide",
      { mediaType: undefined, artifactType: undefined },
    ],
    ["with an empty config type", { artifactType: "" }],
    [
      "of Docker's types",
      {
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        artifactType: "application/vnd.docker.container.image.v1+json",
      },
    ],
    [
      "as an index without a config type",
      { mediaType: "application/vnd.oci.image.index.v1+json", artifactType: undefined },
    ],
    [
      "as an index whose config type is odd",
      {
        mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
        artifactType: "application/vnd.docker.distribution.manifest.list.v2+json",
      },
    ],
  ])("%s", (_, change) => {
    expect(classifyPush({ ...pushed, ...change }, configuration())).toEqual({
      kind: "member",
      application: "orderbook",
      version: "1.4.2",
      member: "orderbook-api",
      repository: "orderbook-api",
      digest,
      tag: "dev-1.4.2",
    });
  });

  it("of a repository in a namespace", () => {
    expect(
      classifyPush({ ...pushed, repository: "team/orderbook-ui" }, configuration()),
    ).toMatchObject({ kind: "member", repository: "team/orderbook-ui" });
  });
});

/** Bare versions, as most builds tag them. */
function bare(
  order: VersionOrder,
  versions: Partial<VersionPolicy> = {},
  release = "prod-{version}",
): Configuration {
  const {
    applications: { orderbook },
    ...rest
  } = configuration(order);
  if (!orderbook) throw new Error("there is no orderbook");
  const production = {
    ...environment("production", "prod"),
    tags: { release: pattern(release), moving: must(parseTag("prod")) },
  };
  return {
    ...rest,
    applications: {
      orderbook: {
        ...orderbook,
        members: orderbook.members.map((one) => ({ ...one, tag: pattern("{version}") })),
        source: {
          ...orderbook.source,
          tag: pattern("{version}"),
          versions: { ...everyVersion, ...versions },
        },
        environments: { production },
      },
    },
  };
}

describe("of bare versions", () => {
  it.each<readonly [VersionOrder, string]>([
    ["semver", "1.4.2"],
    ["semver", "v1.4.2"],
    ["number", "157"],
    ["date", "2026.01.05"],
  ])("by %s, %s is a member", (order, tag) => {
    expect(classifyPush({ ...pushed, tag }, bare(order))).toMatchObject({
      kind: "member",
      version: tag,
    });
  });

  it.each<readonly [VersionOrder, string, RegExp]>([
    ["semver", "prod-1.4.2", /production tag of production/],
    ["semver", "prod", /production tag of production/],
    ["number", "prod-157", /production tag of production/],
    ["date", "prod-2026.01.05", /production tag of production/],
    ["semver", "latest", /no valid semver version/],
    ["semver", `${attached}.sig`, /signature/],
    ["semver", "prod-eu-1.4.2", /no valid semver version/],
  ])("by %s, %s is ignored", (order, tag, reason) => {
    expect(classifyPush({ ...pushed, tag }, bare(order))).toEqual({
      kind: "ignored",
      reason: expect.stringMatching(reason),
    });
  });

  it.each<readonly [Partial<VersionPolicy>, string, RegExp]>([
    [
      { ignore: ["latest", "*-debug"] },
      "1.4.2-debug",
      /^orderbook-api:1\.4\.2-debug: orderbook ignores 1\.4\.2-debug/,
    ],
    [{ prereleases: "refuse" }, "2.0.0-rc.1", /accepts no pre-releases/],
    [{ only: "<2.0.0" }, "2.0.0", /accepts only "<2\.0\.0"/],
  ])("the source's %j ignores %s", (versions, tag, reason) => {
    expect(classifyPush({ ...pushed, tag }, bare("semver", versions))).toEqual({
      kind: "ignored",
      reason: expect.stringMatching(reason),
    });
  });

  it("a bare release tag leaves the builds' tags to the builds", () => {
    const {
      applications: { orderbook },
      ...rest
    } = bare("semver", {}, "{version}");
    if (!orderbook) throw new Error("there is no orderbook");
    const swapped = {
      ...rest,
      applications: {
        orderbook: {
          ...orderbook,
          members: orderbook.members.map((one) => ({ ...one, tag: pattern("dev-{version}") })),
        },
      },
    };
    expect(classifyPush(pushed, swapped)).toMatchObject({ kind: "member", version: "1.4.2" });
    expect(classifyPush({ ...pushed, tag: "1.4.2" }, swapped)).toMatchObject({
      reason: expect.stringContaining("production tag"),
    });
  });
});

describe("a push is ignored", () => {
  it.each<readonly [string, Partial<PushEvent>, RegExp]>([
    ["into another account", { account: "999999999999" }, /registry 999999999999 eu-west-1/],
    ["into another Region", { region: "eu-central-1" }, /registry 111122223333 eu-central-1/],
    ["that is a deletion", { action: "DELETE" }, /DELETE/],
    ["that is a restoration", { action: "UPDATE_STORAGE_CLASS" }, /UPDATE_STORAGE_CLASS/],
    ["that failed", { result: "FAILURE" }, /FAILURE/],
    [
      "into a repository without an application",
      { repository: "billing" },
      /no application has the repository billing/,
    ],
    [
      "into kaniko's cache",
      { repository: "orderbook-api/cache", tag: "c".repeat(64) },
      /build cache/,
    ],
    ["into a foreign cache", { repository: "billing/cache" }, /no application/],
    ["of a child of an index", { tag: "" }, /no tag/],
    ["of a signature of cosign 2", { tag: `${attached}.sig` }, /signature/],
    ["of an attestation of cosign 2", { tag: `${attached}.att` }, /signature/],
    ["of an SBOM", { tag: `${attached}.sbom` }, /signature/],
    [
      "of a list of referrers",
      { tag: attached, mediaType: "application/vnd.oci.image.index.v1+json" },
      /signature/,
    ],
    ["of our own release tag", { tag: "production-1.4.2" }, /production tag of production/],
    [
      "of our own release tag in an earlier environment",
      { tag: "staging-1.4.2" },
      /production tag of staging/,
    ],
    ["of our own moving tag", { tag: "prod" }, /production tag of production/],
    ["of a foreign tag", { tag: "main" }, /does not match dev-\{version\}/],
    ["of a version that cannot be ordered", { tag: "dev-feature-x" }, /no valid semver version/],
    ["of a Helm chart", { artifactType: "application/vnd.cncf.helm.config.v1+json" }, /helm/],
    [
      "of a build cache of buildx",
      { artifactType: "application/vnd.buildkit.cacheconfig.v0" },
      /buildkit/,
    ],
    ["of an unknown manifest", { mediaType: "application/vnd.example+json" }, /vnd\.example/],
    ["without a digest", { digest: "" }, /not a valid image reference/],
  ])("%s", (_, change, reason) => {
    expect(classifyPush({ ...pushed, ...change }, configuration())).toEqual({
      kind: "ignored",
      reason: expect.stringMatching(reason),
    });
  });

  it("never because of a name of branch where versions are ordered by push time", () => {
    expect(
      classifyPush({ ...pushed, tag: "dev-feature-x" }, configuration("pushed")),
    ).toMatchObject({ kind: "member", version: "feature-x" });
  });
});
