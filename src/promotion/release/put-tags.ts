import { abbreviateList } from "../../domain/abbreviate-list.ts";
import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import type { Tag } from "../../domain/image/tag.ts";
import {
  recordStart,
  nextStart,
  paceOf,
  recordThrottle,
  recordSuccess,
} from "../../domain/pace.ts";
import type { PutOutcome } from "../../ports/image-registry.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import {
  runConcurrently,
  type ConcurrentRun,
  type Pacing,
} from "../concurrency/run-concurrently.ts";
import type { CheckTime } from "../lock/write-under-claim.ts";

export const putTagsNeeds = ["registry.putTag"] as const satisfies readonly Need[];
export type PutTagsPorts = PortsFor<typeof putTagsNeeds>;

export interface TagToPut {
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly manifest: StoredManifest;
}

/**
 * Puts all of them, as fast as the configuration allows one invocation and the registry accepts.
 * After the first failure no further one begins; those under way are awaited, and the error names
 * the tags that were written.
 */
export async function putTags(
  tags: readonly TagToPut[],
  { checkTime, ...ports }: PutTagsPorts & { readonly checkTime: CheckTime },
): Promise<readonly (TagToPut & { readonly outcome: PutOutcome })[]> {
  const {
    registry: { putImageRate },
  } = await ports.configurations.read();
  const put = async ({ repository, tag, manifest }: TagToPut): Promise<PutOutcome> => {
    checkTime();
    return ports.registry.putTag(repository, tag, manifest);
  };
  const result = await runConcurrently(tags, put, pacingAt(putImageRate, ports));
  if (result.failures.length > 0) throw putFailure(result, tags.length);
  return result.done.map(({ item, result: outcome }) => ({ ...item, outcome }));
}

/** For one tag, while the registry throttles; the adapter tries twice each time. */
const maxTries = 4;

function pacingAt(
  maxRate: number,
  { clock, pause }: Pick<PutTagsPorts, "clock" | "pause">,
): Pacing {
  let pace = paceOf(maxRate);
  return {
    async awaitSlot() {
      for (
        let wait = nextStart(pace) - clock.now();
        wait > 0;
        wait = nextStart(pace) - clock.now()
      ) {
        await pause(wait);
      }
      const now = clock.now();
      pace = recordStart(pace, now);
      return now;
    },
    succeeded: () => {
      pace = recordSuccess(pace);
    },
    retries(error, attempt) {
      if (!isThrottled(error)) return false;
      pace = recordThrottle(pace, { ...attempt, now: clock.now() });
      return attempt.tries < maxTries;
    },
  };
}

function isThrottled(error: unknown): boolean {
  return isPromoterError(error) && error.details["throttled"] === true;
}

const maxNamed = 10;

function putFailure(
  { done, failures }: ConcurrentRun<TagToPut, PutOutcome>,
  total: number,
): unknown {
  const [first] = failures;
  if (!isPromoterError(first) || total === 1) return first;
  const names = done.map(({ item: { repository, tag } }) => `${repository}:${tag}`);
  const state =
    names.length === 0
      ? "none was written"
      : `${names.length} were written: ${abbreviateList(names, maxNamed)}`;
  const others =
    failures.length > 1 ? `; ${failures.length - 1} more that were under way failed too` : "";
  return new PromoterError(first.name, `${first.message}${others}; of ${total} tags ${state}`, {
    details: first.details,
    cause: first,
  });
}
