import * as z from "zod";
import { unmetConstraint } from "../ecr-fault.ts";
import { repositoryArn } from "../events.ts";
import { page } from "../page.ts";
import type { Registry } from "../registry.ts";
import type { Repository } from "../repository.ts";
import { tagMutabilities } from "../tag-mutability.ts";
import type { TagMutability } from "../tag-mutability.ts";
import {
  inRepository,
  jsonOperation,
  paged,
  placeOf,
  repositoryOf,
  timestamp,
} from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

/** Source: API reference, ImageTagMutabilityExclusionFilter: one to five wildcard filters. */
const filters = z
  .array(
    z.object({
      filterType: z.literal("WILDCARD"),
      filter: z.string().regex(/^[0-9a-zA-Z._*-]{1,128}$/),
    }),
  )
  .min(1)
  .max(5);

export const describeRepositories = jsonOperation(
  z.object({
    registryId: z.string().optional(),
    repositoryNames: z.array(z.string()).min(1).max(100).optional(),
    ...paged,
  }),
  (registry, input) => {
    const named = input.repositoryNames?.map((name) =>
      repositoryOf(registry, { ...input, repositoryName: name }),
    );
    if (named) return { repositories: named.map((repository) => described(registry, repository)) };
    const byName = registry.storage.all().toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const { items, ...rest } = page(byName, input, 100);
    return { repositories: items.map((repository) => described(registry, repository)), ...rest };
  },
);

export const putImageTagMutability = jsonOperation(
  z.object({
    ...inRepository,
    imageTagMutability: z.enum(tagMutabilities),
    imageTagMutabilityExclusionFilters: filters.optional(),
  }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    repository.mutability = mutabilityOf(input);
    return { ...placeOf(registry, repository), ...mutabilityAnswer(repository.mutability) };
  },
);

interface MutabilityInput {
  readonly imageTagMutability: TagMutability["mode"];
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filter: string }[] | undefined;
}

/** Filters go with the two modes that are called after them, and only with those. */
function mutabilityOf(input: MutabilityInput): TagMutability {
  const mode = input.imageTagMutability;
  const exclusions = input.imageTagMutabilityExclusionFilters?.map(({ filter }) => filter) ?? [];
  if (mode.endsWith("_WITH_EXCLUSION") === exclusions.length > 0) return { mode, exclusions };
  throw unmetConstraint(
    "imageTagMutabilityExclusionFilters",
    `does not go with imageTagMutability ${mode}`,
  );
}

function mutabilityAnswer({ mode, exclusions }: TagMutability): JsonAnswer {
  if (exclusions.length === 0) return { imageTagMutability: mode };
  const exclusionFilters = exclusions.map((filter) => ({ filterType: "WILDCARD", filter }));
  return { imageTagMutability: mode, imageTagMutabilityExclusionFilters: exclusionFilters };
}

/** The URI names this cloud's address, so that what a person copies from it can be pushed to. */
function described(registry: Registry, repository: Repository): JsonAnswer {
  const { account, region } = registry.context;
  return {
    ...placeOf(registry, repository),
    repositoryArn: repositoryArn({ account, region, repository: repository.name }),
    repositoryUri: `${new URL(registry.context.origin()).host}/${repository.name}`,
    createdAt: timestamp(repository.createdAt),
    ...mutabilityAnswer(repository.mutability),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: { encryptionType: "AES256" },
  };
}
