import type { Ending, Promotion } from "../src/domain/promotion.ts";

type Ended = Pick<Promotion, "id" | "application" | "environment" | "version">;

/** What whoever sees an ending does next, with the command for it. */
export function nextStep(ending: Ending, promotion: Ended): string {
  return steps[ending](promotion);
}

const steps: Readonly<Record<Ending, (promotion: Ended) => string>> = {
  Promoted: ({ application }) => `\`status ${application}\` shows what runs where`,
  AlreadyPromoted: ({ application }) => `\`status ${application}\` shows what runs where`,
  Planned: (promotion) => `\`${promoteCommand(promotion)}\` carries it out`,
  Incomplete: ({ application }) => `push what is missing, which starts it; \`status ${application}\` shows what that is`,
  Refused: (promotion) => `mend what is named above, then \`${againCommand(promotion)}\``,
  WaitExpired: (promotion) => `mend the cause, then \`${againCommand(promotion)}\``,
  Rejected: (promotion) => `\`${againCommand(promotion)}\` asks again`,
  Expired: (promotion) => `\`${againCommand(promotion)}\` asks again`,
  Superseded: ({ application }) => `nothing; \`status ${application}\` shows what took its place`,
  Cancelled: (promotion) => `\`${againCommand(promotion)}\` if that was a mistake`,
  RolledBack: ({ id, application, environment }) => `\`show ${id} -v\` tells every step; mend the cause and push a new version, or lift the hold with \`resume ${application} ${environment}\``,
  Failed: (promotion) => `\`status ${promotion.application}\` tells whether ${promotion.environment} is unsettled; then \`${againCommand(promotion)}\``,
};

function promoteCommand({ application, version, environment }: Ended): string {
  return `promote ${application} ${version} ${environment}`;
}

/** Only what a push started, and its further attempts, can be retried. */
function againCommand(promotion: Ended): string {
  return promotion.id.startsWith("p-") ? `retry ${promotion.id}` : promoteCommand(promotion);
}
