import type { Configuration } from "../../src/domain/configuration.ts";
import { tasks } from "../../src/promotion/tasks.ts";
import { deriveRole } from "./derive-role.ts";
import { deriveRules } from "./derive-rules.ts";
import { deriveStateMachine } from "./derive-state-machine.ts";
import { deriveStatements } from "./derive-statements.ts";
import { functionEnvironment } from "./function-environment.ts";
import { mergeNeeds } from "./merge-needs.ts";
import { functionName, roleId, type Resources, type Service } from "./service.ts";

export interface DerivedFunction {
  readonly name: string;
  /** Logical id. */
  readonly role: string;
  readonly environment: Readonly<Record<string, unknown>>;
}

export interface DerivedStack {
  readonly resources: Resources;
  readonly functions: Readonly<Record<string, DerivedFunction>>;
}

/**
 * What serverless.yml leaves open: names, roles and variables of the functions, the rules'
 * repositories, the state machine's bindings.
 */
export function deriveStack(service: Service, configuration: Configuration): DerivedStack {
  const derived = Object.keys(service.functions).map((key) =>
    deriveFunction(key, service, configuration),
  );
  return {
    resources: {
      ...deriveStateMachine({
        ...service,
        resources: deriveRules(service.resources, configuration),
      }),
      ...Object.assign({}, ...derived.map(({ roles }) => roles)),
    },
    functions: Object.fromEntries(derived.map(({ key, settings }) => [key, settings])),
  };
}

function deriveFunction(
  key: string,
  service: Service,
  configuration: Configuration,
): { readonly key: string; readonly settings: DerivedFunction; readonly roles: Resources } {
  const task = tasks[key];
  if (!task) {
    throw new Error(`src/promotion/tasks.ts has no ${key}, so nothing says what it may do`);
  }
  const needs = mergeNeeds(task.needs, configuration);
  const settings = {
    name: functionName(service, key),
    role: roleId(key),
    environment: functionEnvironment(needs, service, configuration),
  };
  return {
    key,
    settings,
    roles: deriveRole(key, deriveStatements(key, needs, { service, configuration })),
  };
}
