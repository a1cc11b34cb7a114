import { DescribeRepositoriesCommand, type Repository } from "@aws-sdk/client-ecr";
import { PromoterError } from "../../domain/errors.ts";
import type { Mutability } from "../../domain/image/mutability.ts";
import { isRepositoryName, type RepositoryName } from "../../domain/image/repository.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import { inBatches, type RegistryClient } from "./registry-client.ts";
import { callRegistry } from "./translate-error.ts";

/**
 * One call for up to 100 repositories. ECR gives no pages when it is asked by name (ECR API
 * reference, DescribeRepositories).
 */
export function repositoryMutability({
  client,
  registryId,
}: RegistryClient): ImageRegistry["mutability"] {
  return async (repositories) => {
    const attempt = {
      doing: "describing",
      reference: repositories.join(", "),
      action: "ecr:DescribeRepositories",
    };
    const described = await inBatches([...new Set(repositories)], (repositoryNames) =>
      callRegistry(attempt, async () => {
        return (
          (await client.send(new DescribeRepositoriesCommand({ registryId, repositoryNames })))
            .repositories ?? []
        );
      }),
    );
    return new Map(described.flatMap(entryOf));
  };
}

function entryOf(repository: Repository): readonly (readonly [RepositoryName, Mutability])[] {
  const name = repository.repositoryName ?? "";
  return isRepositoryName(name) ? [[name, mutabilityOf(name, repository)]] : [];
}

const modes: readonly string[] = [
  "MUTABLE",
  "IMMUTABLE",
  "MUTABLE_WITH_EXCLUSION",
  "IMMUTABLE_WITH_EXCLUSION",
] satisfies Mutability["mode"][];

function mutabilityOf(
  name: RepositoryName,
  { imageTagMutability: mode = "MUTABLE", imageTagMutabilityExclusionFilters = [] }: Repository,
): Mutability {
  if (!isMode(mode)) {
    throw new PromoterError(
      "RegistryRefused",
      `describing ${name}: expected a tag mutability of ${modes.join(", ")}, ` +
        `got ${String(mode)}; a newer promoter may support it`,
      { details: { repository: name } },
    );
  }
  return {
    mode,
    exclusions: imageTagMutabilityExclusionFilters.flatMap(({ filter }) => filter ?? []),
  };
}

function isMode(mode: string): mode is Mutability["mode"] {
  return modes.includes(mode);
}
