import * as z from "zod";

/** Whether pods follow their configuration. */
export const restartSchema = z
  .boolean()
  .default(true)
  .describe(
    "Whether a ConfigMap or Secret among the objects that changes restarts the workloads that use it. " +
      "false: their pods keep the old values until they restart, and the plan says so.",
  );
