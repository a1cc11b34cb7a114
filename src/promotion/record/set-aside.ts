import { isPromoterError } from "../../domain/errors.ts";
import { printable } from "../../domain/printable.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OpenWork, Work } from "../../ports/open-work.ts";

interface SettingAside {
  readonly application: string;
  readonly work: Work;
  readonly error: unknown;
}

/**
 * What trying again does not mend is noted with the work and told once; it is tried again all the
 * same, and whoever mends its cause need say nothing. Gives the lines to tell. What may be gone
 * soon is thrown on.
 */
export async function setAside(
  { application, work, error }: SettingAside,
  { openWork, clock }: { readonly openWork: Pick<OpenWork, "setAside">; readonly clock: Clock },
): Promise<readonly string[]> {
  if (isPromoterError(error) && error.retryable) throw error;
  const why = printable(error instanceof Error ? error.message : String(error));
  const isNew =
    !work.setAside && (await openWork.setAside(application, work, { at: clock.now(), why }));
  return isNew
    ? [
        `${work.kind === "promotion" ? work.id : `${application} ${work.version}`} is set aside: ${why}`,
      ]
    : [];
}
