import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";

/** CloudWatch answers with the alarms of whoever asks (API reference, DescribeAlarms). */
export function alarmsAreOfThisAccount({ registry, environments }: Draft): readonly Finding[] {
  if (!registry) return [];
  const alarms = environments.flatMap((environment) => environment.alarms);
  return alarms.flatMap(({ arn, path }) => {
    const account = arn.split(":")[4];
    if (account === registry.account) return [];
    const message = `the alarm is of account ${account}, and the promoter reads those of ${registry.account}`;
    return [{ path, message, remedy: "name an alarm of that account, or observe a function" }];
  });
}
