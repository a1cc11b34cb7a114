import type { Fault, RecordedCall } from "@promoter/local-cloud/record";
import type { FaultCase, FunctionCall } from "./fault-case.ts";
import type { FaultWorld } from "./start-fault-world.ts";

type Call = Omit<RecordedCall, "outcome" | "at">;

/** Arms the fault of a case; gives what it hit once it has. */
export function armFault(
  world: FaultWorld,
  { fault, call: k }: FaultCase,
): () => FunctionCall | undefined {
  let made = 0;
  let hit: Call | undefined;
  let repeats = 0;
  world.cloud.calls.setFaults((call): Fault | undefined => {
    if (hit !== undefined && isRepeat(hit, call) && repeats > 0) {
      repeats -= 1;
      return faults[fault];
    }
    made += 1;
    if (fault === "aborted-after" && made === k + 1) abort(world);
    if (made !== k) return undefined;
    hit = call;
    repeats = fault.startsWith("lost") || fault === "throttled" ? 1 : 0;
    return faults[fault];
  });
  return () => hit;
}

const faults: Readonly<Record<FaultCase["fault"], Fault | undefined>> = {
  "lost-before": "fails-before",
  "lost-after": "fails-after",
  throttled: "throttled",
  repeated: "fails-after",
  "dies-after": "dies-after",
  "aborted-after": undefined,
};

/** The second try of a client is the same call of the same container. */
function isRepeat(hit: Call, call: Call): boolean {
  return (
    hit.accessKeyId === call.accessKeyId &&
    hit.action === call.action &&
    hit.resources.join() === call.resources.join()
  );
}

/**
 * What `aws stepfunctions stop-execution` sends; it takes effect at once, while the function goes
 * on.
 */
function abort(world: FaultWorld): void {
  for (const { arn, ended } of world.executions()) {
    if (ended !== undefined) continue;
    const body = Buffer.from(JSON.stringify({ executionArn: arn }));
    const caller = { accessKeyId: undefined, role: undefined, functionName: undefined };
    void world.cloud.stepFunctions.handle({
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: { "x-amz-target": "AWSStepFunctions.StopExecution" },
      body,
      caller,
    });
  }
}
