import type { LocalCloud } from "@promoter/local-cloud";
import type { ApplicationStatus } from "../../src/promotion/operations/show-status.ts";
import type { Connection } from "../connection.ts";
import type { Terminal } from "../terminal.ts";

/** Each call reports the versions that wait for a member and were not reported yet. */
export function reportIncomplete(
  {
    cloud,
    connection,
  }: { readonly cloud: Pick<LocalCloud, "calls">; readonly connection: Connection },
  { line, style }: Terminal,
): () => Promise<void> {
  const said = new Set<string>();
  let counted: object | undefined;
  return async () => {
    const push = lastPushSeen(cloud);
    if (push === counted) return;
    for (const text of await incompleteVersions(connection)) {
      if (!said.has(text)) line(`${style("yellow", "wait")}  ${text}`);
      said.add(text);
    }
    counted = push;
  };
}

/**
 * The last call made by the function that counts pushes: while it is the same, nothing new is
 * incomplete.
 */
function lastPushSeen({ calls }: Pick<LocalCloud, "calls">): object | undefined {
  return calls.calls.findLast(
    ({ functionName }) => functionName?.endsWith("-on-image-push") === true,
  );
}

async function incompleteVersions(connection: Connection): Promise<readonly string[]> {
  const applications = (await connection.invoke("show-status", {})) as readonly ApplicationStatus[];
  return applications.flatMap(({ application, incomplete }) =>
    incomplete
      .filter(({ missing }) => missing.length > 0)
      .map(
        ({ version, missing }) =>
          `${application} ${version} is incomplete: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`,
      ),
  );
}
