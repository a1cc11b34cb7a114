import type { Observers } from "../../ports/observers.ts";
import { askFunction } from "./ask-function.ts";
import { getHealth } from "./get-health.ts";
import type { ObserverClients } from "./observer-clients.ts";
import { readAlarms } from "./read-alarms.ts";

export function observersIn(clients: ObserverClients): Observers {
  return {
    alarms: (arns) => readAlarms(arns, clients),
    http: (url) => getHealth(url, clients),
    invoke: (arn, release) => askFunction({ arn, release }, clients),
  };
}
