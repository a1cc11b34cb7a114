import type { Configuration, Environment } from "../../../../src/domain/configuration.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import { plainMember } from "../../../../src/domain/member-source.ts";
import { rulesSchema } from "../../../../src/domain/rules/index.ts";
import { everyVersion } from "../../../../src/domain/version-policy.ts";

interface Size {
  readonly applications: number;
  readonly repositories: number;
  readonly environments?: number;
  /** Of application 0, 1, …; all alike unless given. */
  readonly prefix?: (application: number) => string;
  /** Length of a repository's name. */
  readonly nameLength?: number;
}

/** A configuration of the given size, its names as long as real ones. */
export function manyApplications({
  applications,
  repositories,
  environments = 1,
  prefix = () => "dev-",
  nameLength = 40,
}: Size): Configuration {
  const named = range(applications).map((index) => {
    const name = `application-${index}`;
    const images = range(repositories).map(
      (image) => `team/${name}/image-${image}-`.padEnd(nameLength, "x") as RepositoryName,
    );
    const places = range(environments).map((number) => environment(`environment-${number}`, name));
    return [
      name,
      {
        name,
        members: images.map((image) => plainMember(image, { prefix: prefix(index), suffix: "" })),
        source: {
          tag: { prefix: prefix(index), suffix: "" },
          order: "semver",
          versions: everyVersion,
          settle: 0,
        },
        environments: Object.fromEntries(places.map((one) => [one.name, one])),
      },
    ] as const;
  });
  const clusters = {
    live: { kind: "eks", name: "live", region: "eu-west-1" },
    laptop: { kind: "context", context: "kind" },
  } as const;
  return {
    registry: { account: "111122223333", region: "eu-west-1", putImageRate: 10 },
    clusters,
    applications: Object.fromEntries(named),
  };
}

function environment(name: string, application: string): Environment {
  return {
    name,
    after: undefined,
    versions: everyVersion,
    rules: rulesSchema.parse({
      scan: { critical: 0, high: 0, unscanned: "refuse" },
      platforms: ["linux/amd64"],
      age: "0s",
    }),
    tags: { release: { prefix: `${name}-`, suffix: "" }, moving: undefined },
    approval: undefined,
    podSpec: {
      cluster: "live",
      namespace: `${application}-${name}`,
      objects: { kind: "files", folder: `deploy/${application}` },
      rollout: 600_000,
      force: false,
      failFast: true,
      kinds: [],
      restartOnConfig: true,
      images: "fields",
    },
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
