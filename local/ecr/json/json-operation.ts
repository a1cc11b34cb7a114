import * as z from "zod";
import { repositoryNotFound, unmetConstraint } from "../ecr-fault.ts";
import type { Registry } from "../registry.ts";
import type { Repository } from "../repository.ts";

export type JsonAnswer = Readonly<Record<string, unknown>>;
export type JsonOperation = (registry: Registry, input: unknown) => JsonAnswer;

/**
 * An operation with its input checked first, as the service does: InvalidParameterException names
 * the member.
 */
export function jsonOperation<S extends z.ZodType>(
  schema: S,
  run: (registry: Registry, input: z.infer<S>) => JsonAnswer,
): JsonOperation {
  return (registry, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(registry, parsed.data);
    const issue = parsed.error.issues[0];
    throw unmetConstraint(issue?.path.join(".") ?? "input", issue?.message ?? "invalid");
  };
}

/** Another account's registry may be named, so every operation takes both. */
export const inRepository = {
  registryId: z.string().optional(),
  repositoryName: z.string().min(2).max(256),
};

/** 1 to 1,000 a page, unless an operation says otherwise. Source: API reference, DescribeImages. */
export const paged = {
  nextToken: z.string().optional(),
  maxResults: z.int().min(1).max(1000).optional(),
};

export const imageId = z.object({
  imageDigest: z.string().optional(),
  imageTag: z.string().optional(),
});

export interface Located {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

export function repositoryOf(registry: Registry, input: Located): Repository {
  checkRegistry(registry, input);
  return registry.storage.get(input.repositoryName);
}

/** Another account's registry is not here. */
export function checkRegistry(registry: Registry, { registryId, repositoryName }: Located): void {
  if (registryId === undefined || registryId === registry.context.account) return;
  throw repositoryNotFound(repositoryName, registryId);
}

export function placeOf(registry: Registry, repository: Repository): JsonAnswer {
  return { registryId: registry.context.account, repositoryName: repository.name };
}

/** AWS JSON 1.1 writes a timestamp as seconds since 1970. */
export function timestamp(milliseconds: number): number {
  return milliseconds / 1000;
}
