import type { AccessReviews } from "../../src/adapters/kubernetes/access-reviews.ts";
import type { Right } from "../../src/domain/access/right.ts";
import type { NeededAccess } from "./needed-access.ts";

export interface MissingRight {
  readonly users: string;
  readonly right: Right;
}

/** As many questions at once; a cluster limits how many requests it serves at a time. */
const atOnce = 16;

/** What the groups of users need and do not have in the cluster. */
export async function missingRights(
  { groups }: Pick<NeededAccess, "groups">,
  { allows }: Pick<AccessReviews, "allows">,
): Promise<readonly MissingRight[]> {
  const needed = groups.flatMap(({ users, rights }) => rights.map((right) => ({ users, right })));
  const missing: MissingRight[] = [];
  for (let start = 0; start < needed.length; start += atOnce) {
    const asked = needed.slice(start, start + atOnce);
    const answers = await Promise.all(asked.map(({ users, right }) => allows(users, right)));
    missing.push(...asked.filter((_, index) => answers[index] === false));
  }
  return missing;
}
