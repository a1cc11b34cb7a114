import { isPromoterError, errorMessage } from "../../domain/errors.ts";
import { printable } from "../../domain/printable.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OpenWork, Work } from "../../ports/open-work.ts";

/**
 * Notes with the work an error that retries do not cure, and reports it once; the work is still
 * retried, so that fixing the cause is enough. Gives the lines to report. Rethrows what may pass by
 * itself.
 */
export async function setAside(
  {
    application,
    work,
    error,
  }: { readonly application: string; readonly work: Work; readonly error: unknown },
  { openWork, clock }: { readonly openWork: Pick<OpenWork, "setAside">; readonly clock: Clock },
): Promise<readonly string[]> {
  if (isPromoterError(error) && error.retryable) throw error;
  const why = printable(errorMessage(error));
  const isNew =
    !work.setAside && (await openWork.setAside(application, work, { at: clock.now(), why }));
  const name = work.kind === "promotion" ? work.id : `${application} ${work.version}`;
  return isNew ? [`${name} is set aside: ${why}`] : [];
}
