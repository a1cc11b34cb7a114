import type { Counts } from "./count-calls.ts";
import { assumptions, prices } from "./prices.ts";
import type { Section } from "./report.ts";

/**
 * What one promotion costs, and a month of 10,000 with the schedule and the secret that are always
 * there.
 */
export function pricePromotions(all: readonly Counts[]): Section {
  const rows = all.flatMap((counts) => {
    const one = priceOf(counts);
    return [
      { name: `one ${counts.title}`, value: one, unit: "USD", kind: "counted" as const },
      {
        name: `10,000 a month: ${counts.title}`,
        value: one * 10_000 + standing(),
        unit: "USD",
        kind: "counted" as const,
      },
    ];
  });
  return {
    title: "cost (bench/prices.ts)",
    rows: [
      ...rows,
      { name: "a month without any promotion", value: standing(), unit: "USD", kind: "counted" },
    ],
  };
}

function priceOf({ calls, invocations, transitions }: Counts): number {
  const count = (prefix: string, access?: "read" | "write"): number =>
    calls.filter(
      (call) => call.action.startsWith(prefix) && (access === undefined || call.access === access),
    ).length;
  return (
    transitions * prices.transition +
    invocations * invocationPrice +
    count("dynamodb:", "write") * assumptions.writeUnits * prices.dynamodbWrite +
    count("dynamodb:", "read") * assumptions.readUnits * prices.dynamodbRead +
    count("events:PutEvents") * prices.publishedEvent +
    count("secretsmanager:") * prices.secretCall
  );
}

const invocationPrice =
  prices.lambdaRequest + assumptions.seconds * assumptions.gigabytes * prices.lambdaGigabyteSecond;

function standing(): number {
  return (
    prices.secretMonth +
    assumptions.reconciliationsAMonth *
      (invocationPrice + assumptions.readUnits * 2 * prices.dynamodbRead)
  );
}
