// Starts a function that never answers, prints the number of its process, and stays.
import { startBundle } from "./start-bundle.ts";

const sandbox = await startBundle();
const reply = await sandbox.invoke({ requestId: "1", payload: { do: "pid" }, deadline: 0 });
process.stdout.write(`${reply.kind === "ok" ? String(reply.payload) : ""}\n`);
void sandbox.invoke({ requestId: "2", payload: { do: "hang" }, deadline: 0 });
