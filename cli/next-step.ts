import type { Ending, Promotion } from "../src/domain/promotion.ts";
import { unreadName } from "../src/domain/workflow-request.ts";

type EndedRecord = Pick<
  Promotion,
  "id" | "application" | "environment" | "version" | "members" | "verdicts" | "back"
>;

/** What to do next after an ending, with the command for it. */
export function nextStep(ending: Ending, promotion: EndedRecord): string {
  const { application, environment, version } = promotion;
  return [application, environment, version].includes(unreadName)
    ? "`status` shows what exists"
    : steps[ending](promotion);
}

const steps: Readonly<Record<Ending, (promotion: EndedRecord) => string>> = {
  Promoted: ({ application, environment, back }) =>
    back
      ? `\`resume ${application} ${environment}\` lets newer pushes in again`
      : `\`status ${application}\` shows what runs where`,
  AlreadyPromoted: ({ application }) => `\`status ${application}\` shows what runs where`,
  Planned: (promotion) => `\`${promoteCommand(promotion)}\` carries it out`,
  Incomplete: ({ application }) =>
    `push what is missing, which starts it; \`status ${application}\` shows what that is`,
  Refused: afterRefusal,
  WaitExpired: (promotion) => `fix the cause, then \`${againCommand(promotion)}\``,
  Rejected: (promotion) => `\`${againCommand(promotion)}\` asks again`,
  Expired: (promotion) => `\`${againCommand(promotion)}\` asks again`,
  Superseded: ({ application }) => `\`status ${application}\` shows what took its place`,
  Cancelled: (promotion) => `\`${againCommand(promotion)}\` if that was a mistake`,
  RolledBack: ({ id, application, environment }) =>
    `\`show ${id} -v\` shows every step; fix the cause and push a new version, ` +
    `or lift the hold with \`resume ${application} ${environment}\``,
  Failed: (promotion) =>
    `\`status ${promotion.application}\` shows whether ${promotion.environment} is unsettled; ` +
    `then \`${againCommand(promotion)}\``,
};

/** Rules that judge the version itself: the answer stays the same unless something else changes. */
const rulesOfVersions: readonly string[] = ["exists", "platforms", "scan", "versions", "order"];

function afterRefusal(promotion: EndedRecord): string {
  const { application, members, verdicts = [] } = promotion;
  const judged = verdicts.some(
    ({ kind, rule }) => kind === "refuse" && rulesOfVersions.includes(rule),
  );
  if (judged) {
    return `push a new version; \`${againCommand(promotion)}\` only if this one can pass as it is`;
  }
  if (members === undefined && !isRetried(promotion)) {
    return `first do what is named above, or choose another version; \`status ${application}\` shows what exists`;
  }
  return `fix what is named above, then \`${againCommand(promotion)}\``;
}

function promoteCommand({ application, version, environment, back }: EndedRecord): string {
  return `promote ${application} ${version} ${environment}${back ? " --back" : ""}`;
}

function againCommand(promotion: EndedRecord): string {
  return isRetried(promotion) ? `retry ${promotion.id}` : promoteCommand(promotion);
}

/** Only what a push started, and its further attempts, can be retried. */
function isRetried({ id }: EndedRecord): boolean {
  return id.startsWith("p-");
}
