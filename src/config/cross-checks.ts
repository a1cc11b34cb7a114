import { alarmsAreOfThisAccount } from "./checks/alarms-are-of-this-account.ts";
import { artifactsAreApart } from "./checks/artifacts-are-apart.ts";
import { chainsHaveABeginning } from "./checks/chains-have-a-beginning.ts";
import { clustersExist } from "./checks/clusters-exist.ts";
import { namesAreWellFormed } from "./checks/names-are-well-formed.ts";
import { pushesLeadToOneMember } from "./checks/pushes-lead-to-one-member.ts";
import { sourceIsApart } from "./checks/source-is-apart.ts";
import { tagsAreApart } from "./checks/tags-are-apart.ts";
import { versionsAreOrdered } from "./checks/versions-are-ordered.ts";
import { versionsHaveAWay } from "./checks/versions-have-a-way.ts";
import type { Draft } from "./draft.ts";
import type { Finding } from "./fault.ts";

/** What no single entry can get wrong by itself. */
const checks: readonly ((draft: Draft) => readonly Finding[])[] = [
  namesAreWellFormed,
  versionsAreOrdered,
  versionsHaveAWay,
  pushesLeadToOneMember,
  artifactsAreApart,
  sourceIsApart,
  tagsAreApart,
  clustersExist,
  chainsHaveABeginning,
  alarmsAreOfThisAccount,
];

export function crossChecks(draft: Draft): readonly Finding[] {
  return checks.flatMap((check) => check(draft));
}
