import {
  DescribeAlarmsCommand,
  type CloudWatchClient,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { lineOf } from "../../domain/cause-text.ts";
import { nameInArn, regionInArn, type ObserverAnswer } from "../../domain/observation.ts";
import type { ObserverClients } from "./observer-clients.ts";
import { unclear } from "./unclear.ts";

/** API reference, MetricAlarm. */
const maxReasonLength = 1_023;

/**
 * One call for each Region: it takes 100 names (API reference, DescribeAlarms), and promoter.yml
 * names fewer. Composite alarms are left out, because they can be read only with a permission for
 * every alarm of the account (the same page).
 */
export async function readAlarms(
  arns: readonly string[],
  { cloudWatch }: Pick<ObserverClients, "cloudWatch">,
): Promise<readonly ObserverAnswer[]> {
  const byRegion = Map.groupBy(arns, regionInArn);
  const looks = await Promise.all(
    [...byRegion].map(([region, ofRegion]) => readRegion(ofRegion, cloudWatch(region))),
  );
  return looks.flat();
}

async function readRegion(
  arns: readonly string[],
  client: CloudWatchClient,
): Promise<readonly ObserverAnswer[]> {
  const names = arns.map(nameInArn);
  try {
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: names, AlarmTypes: ["MetricAlarm"] }),
    );
    const found = new Map(MetricAlarms.map((alarm) => [alarm.AlarmName, alarm] as const));
    return names.map((name) => lookAt(name, found.get(name)));
  } catch (error) {
    return [unclear(names.length === 1 ? `alarm ${names[0]}` : `${names.length} alarms`, error)];
  }
}

function lookAt(
  name: string,
  alarm: Pick<MetricAlarm, "StateValue" | "StateReason"> | undefined,
): ObserverAnswer {
  const state = alarm?.StateValue;
  if (state === "OK") return { kind: "well", reason: `alarm ${name} is OK` };
  if (state === "INSUFFICIENT_DATA") {
    return { kind: "well", reason: `alarm ${name} has too little data yet` };
  }
  if (state === "ALARM") {
    const why = lineOf(alarm?.StateReason ?? "", maxReasonLength);
    return { kind: "unwell", reason: `alarm ${name} is in ALARM${why === "" ? "" : `: ${why}`}` };
  }
  return {
    kind: "unclear",
    reason: `there is no metric alarm ${name}; composite alarms cannot be observed`,
  };
}
