// Starts a function that never answers, prints the number of its process once it is at it, and stays.
import { startBundle } from "./start-bundle.ts";

const sandbox = await startBundle({
  log: ({ hangs }) => void process.stdout.write(`${String(hangs)}\n`),
});
void sandbox.invoke({ requestId: "1", payload: { do: "hang" }, deadline: 0 });
