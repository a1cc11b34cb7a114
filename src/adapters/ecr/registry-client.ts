import type { ECRClient } from "@aws-sdk/client-ecr";

/** One registry: an account in the Region of the client. */
export interface RegistryClient {
  readonly client: ECRClient;
  /** 12 digits. */
  readonly registryId: string;
  /** The factor by which a layer may take longer than usual; default 1. */
  readonly patience?: number;
}

/**
 * Maximum ids of one call of BatchGetImage, BatchCheckLayerAvailability and DescribeRepositories
 * (ECR API reference).
 */
const maxIds = 100;

/** Everything that `ask` says about `ids`, in calls of at most 100 ids; no ids, no call. */
export async function inBatches<Id, Answer>(
  ids: readonly Id[],
  ask: (batch: Id[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let first = 0; first < ids.length; first += maxIds) {
    answers.push(...(await ask(ids.slice(first, first + maxIds))));
  }
  return answers;
}
