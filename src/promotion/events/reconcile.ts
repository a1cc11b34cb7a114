import type { Application } from "../../domain/configuration.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { Work } from "../../ports/open-work.ts";
import { combineFailures } from "../concurrency/combine-failures.ts";
import type { StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { removeWaits, repairLock, workOfOwner } from "./repair-environment.ts";
import { repairNeeds, type RepairPorts } from "./repair-ports.ts";
import { repairPromotion } from "./repair-promotion.ts";
import { repairRelease } from "./repair-release.ts";
import { setAside } from "./set-aside.ts";

/**
 * Repairs what lost events and killed functions left behind; all of it idempotent. One faulty
 * promotion does not stop the others: failures that may pass are reported together in the end, by
 * one error with the name of the first; those that retries do not cure are reported once.
 */
export const reconcile = task({
  name: "Reconcile",
  needs: repairNeeds,
  async run(_input: unknown, ports): Promise<StepResult<"reconciled">> {
    const [{ applications }, open] = await Promise.all([
      ports.configurations.read(),
      ports.openWork.listAll(),
    ]);
    const configured = Object.values(applications).map((application) => ({
      name: application.name,
      application,
      work: open.get(application.name) ?? [],
    }));
    const others = [...open].flatMap(([name, work]) =>
      lookUp(applications, name) ? [] : [{ name, application: undefined, work }],
    );
    const repaired = (
      await Promise.all([
        ...configured.map((one) => reconcileApplication(one, ports)),
        reconcileOthers(others, ports),
      ])
    ).flat();
    const aside = repaired.flatMap((one) => one.aside);
    const failures = repaired.flatMap((one) => one.failures);
    if (failures.length > 0) {
      throw combineFailures(
        [...failures, ...aside.map((line) => new Error(line))],
        `${failures.length} repairs failed`,
      );
    }
    return { outcome: "reconciled", reasons: [...aside, ...repaired.flatMap(({ done }) => done)] };
  },
});

interface RepairReport {
  readonly done: readonly string[];
  /** What was set aside just now: comes first, because the log takes only so many lines. */
  readonly aside: readonly string[];
  readonly failures: readonly unknown[];
}

interface Repair {
  readonly run: () => Promise<readonly string[]>;
  /** Takes the note that it cannot be repaired; undefined: there is nothing to note. */
  readonly work: () => Promise<Work | undefined>;
}

interface ApplicationWork {
  readonly name: string;
  /** undefined: not in promoter.yml, or no longer; what is open in it still ends. */
  readonly application: Application | undefined;
  readonly work: readonly Work[];
}

/** One after the other: there may be any number of names. */
async function reconcileOthers(
  others: readonly ApplicationWork[],
  ports: RepairPorts,
): Promise<readonly RepairReport[]> {
  const repaired: RepairReport[] = [];
  for (const one of others) repaired.push(await reconcileApplication(one, ports));
  return repaired;
}

/** Piece by piece, so that what cannot be repaired now does not delay the rest of the application. */
async function reconcileApplication(
  open: ApplicationWork,
  ports: RepairPorts,
): Promise<RepairReport> {
  const repaired: RepairReport[] = [];
  for (const repair of repairsOf(open, ports)) {
    repaired.push(await attempt(repair, open.name, ports));
  }
  return {
    done: repaired.flatMap(({ done }) => done),
    aside: repaired.flatMap(({ aside }) => aside),
    failures: repaired.flatMap(({ failures }) => failures),
  };
}

const nothing: RepairReport = { done: [], aside: [], failures: [] };

async function attempt(
  { run, work }: Repair,
  application: string,
  ports: RepairPorts,
): Promise<RepairReport> {
  try {
    return { ...nothing, done: await run() };
  } catch (error) {
    return setAsideOrFail(work, { application, error }, ports);
  }
}

async function setAsideOrFail(
  work: Repair["work"],
  { application, error }: { readonly application: string; readonly error: unknown },
  ports: RepairPorts,
): Promise<RepairReport> {
  try {
    const noted = await work();
    return noted
      ? { ...nothing, aside: await setAside({ application, work: noted, error }, ports) }
      : { ...nothing, failures: [error] };
  } catch (unnoted) {
    return { ...nothing, failures: [unnoted] };
  }
}

function repairsOf(
  { name, application, work }: ApplicationWork,
  ports: RepairPorts,
): readonly Repair[] {
  const environments = Object.keys(application?.environments ?? {}).map((environment) => ({
    application: name,
    environment,
  }));
  return [
    ...work.map((one) => ({
      work: async () => one,
      run: () =>
        one.kind === "promotion"
          ? repairPromotion(one, name, ports)
          : repairRelease({ name, application, work: one }, ports),
    })),
    ...environments.map((key) => ({
      work: () => workOfOwner(key, ports),
      run: () => repairLock(key, ports),
    })),
    ...environments.map((key) => ({
      work: async () => undefined,
      run: () => removeWaits(key, ports),
    })),
  ];
}
