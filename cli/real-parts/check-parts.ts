import { EKSClient } from "@aws-sdk/client-eks";
import { checkEcr, checkSlack, type Checked } from "@promoter/local-cloud/check-real-parts";
import { realClock } from "@promoter/local-cloud/clock";
import { realPartsOf, type RealPart, type RealParts } from "@promoter/local-cloud/real-parts";
import { kubernetesClusters } from "../../src/adapters/kubernetes/clusters.ts";
import { repositoriesOf, type Configuration } from "../../src/domain/configuration.ts";
import { errorTable, isPromoterError } from "../../src/domain/errors.ts";
import { namespaceRef } from "../../src/domain/pod-spec/kinds.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

interface RealSetup {
  readonly configuration: Configuration;
  readonly real: RealParts;
}

export interface CheckedPart {
  readonly part: RealPart;
  /** For people: who answered. */
  readonly found: string;
}

/**
 * Checks every real part without changing anything; reports all that do not answer or refuse us in
 * one error, before anything is done.
 */
export async function checkParts({
  configuration,
  real,
}: RealSetup): Promise<readonly CheckedPart[]> {
  const looked = await Promise.all(
    realPartsOf(configuration, real).map(async (part) => ({
      part,
      result: await look(part, { configuration, real }),
    })),
  );
  const failed = looked.flatMap(({ result }) => (result.kind === "ok" ? [] : [result]));
  const exitCode = failed.some(({ kind }) => kind === "refused")
    ? exitCodes.usage
    : exitCodes.tryAgain;
  if (failed.length > 0) {
    throw new CommandError(
      [...failed.map(({ message }) => message), "Nothing was started."].join("\n"),
      exitCode,
    );
  }
  return looked.map(({ part, result }) => ({
    part,
    found: result.kind === "ok" ? result.found : "",
  }));
}

function look(part: RealPart, { configuration, real }: RealSetup): Promise<Checked> {
  const { account, region } = configuration.registry;
  const repositories = [
    ...new Set(Object.values(configuration.applications).flatMap(repositoriesOf)),
  ];
  if (part.kind === "ecr" && real.ecr) {
    return checkEcr({ ecr: real.ecr, region, clock: realClock }, { account, repositories });
  }
  if (part.kind === "slack" && real.slack) return checkSlack(real.slack);
  return checkCluster(part.kind === "cluster" ? part.name : "", configuration);
}

/** Reads a namespace of promoter.yml; that it does not exist yet is fine. */
async function checkCluster(
  name: string,
  { clusters, applications }: Configuration,
): Promise<Checked> {
  const environments = Object.values(applications).flatMap((application) =>
    Object.values(application.environments),
  );
  const namespace = environments.find(({ podSpec }) => podSpec?.cluster === name)?.podSpec
    ?.namespace;
  if (namespace === undefined) return { kind: "ok", found: "nothing runs there" };
  const noEks = new EKSClient({ region: "us-east-1" });
  try {
    const connected = await kubernetesClusters({
      addresses: clusters,
      clock: realClock,
      permit: () => undefined,
      eks: () => noEks,
      credentials: () => noEks.config.credentials(),
    }).connect(name);
    await connected.read(namespaceRef(namespace));
    return { kind: "ok", found: "answers" };
  } catch (error) {
    if (!isPromoterError(error)) throw error;
    return {
      kind: errorTable[error.name].retryable ? "unreachable" : "refused",
      message: error.message,
    };
  }
}
