import { type Json, type JsonObject, listAt, numberAt, stringAt } from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { duplicate, invalidValue, required, unsupported } from "../objects/validation-cause.ts";
import { labelNameFaults } from "./validate-metadata.ts";

/** pkg/apis/core/validation/validation.go, validateService, in its order as far as it goes. */
export function serviceFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const type = stringAt(object, "spec", "type") ?? "ClusterIP";
  const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
  const ports = listAt(object, "spec", "ports");
  const headless = type === "ExternalName" || stringAt(object, "spec", "clusterIP") === "None";
  const address = stringAt(live, "spec", "clusterIP");
  const moved =
    address !== undefined &&
    stringAt(object, "spec", "clusterIP") !== address &&
    type !== "ExternalName";
  return [
    ...(ports.length === 0 && !headless ? [required("spec.ports")] : []),
    ...ports.flatMap((port, index) => [
      ...portNameFaults(ports, index),
      ...portFaults(numberAt(port, "port"), `spec.ports[${index}].port`),
      ...targetPortFaults(port, `spec.ports[${index}].targetPort`),
    ]),
    ...(types.includes(type) ? [] : [unsupported("spec.type", type, types)]),
    ...samePortFaults(ports),
    ...(moved
      ? [
          invalidValue(
            "spec.clusterIPs[0]",
            [stringAt(object, "spec", "clusterIP") ?? ""],
            "may not change once set",
          ),
        ]
      : []),
  ];
}

function portFaults(port: number | undefined, field: string): readonly Cause[] {
  if (port !== undefined && port >= 1 && port <= 65_535) return [];
  return [invalidValue(field, port ?? 0, "must be between 1 and 65535, inclusive")];
}

function targetPortFaults(port: Json, field: string): readonly Cause[] {
  const target = numberAt(port, "targetPort");
  return target === undefined ? [] : portFaults(target, field);
}

/** Several ports need names, and no two the same. */
function portNameFaults(ports: readonly Json[], index: number): readonly Cause[] {
  const names = ports.map((port) => stringAt(port, "name") ?? "");
  const [field, name = ""] = [`spec.ports[${index}].name`, names[index]];
  if (name === "") return ports.length > 1 ? [required(field)] : [];
  return [
    ...labelNameFaults(name, field),
    ...(names.indexOf(name) < index ? [duplicate(field, name)] : []),
  ];
}

type Number = readonly [protocol: string, number: number];

/**
 * Two ports of one protocol; the value is printed as Go's struct has it. Node ports are allocated
 * before anything is validated.
 */
function samePortFaults(ports: readonly Json[]): readonly Cause[] {
  return [
    ...repeated(ports, "nodePort").map(([index, [, number]]) =>
      invalidValue(`spec.ports[${index}].nodePort`, number, "provided port is already allocated"),
    ),
    ...repeated(ports, "port").map(([index, [Protocol, Port]]) =>
      duplicate(`spec.ports[${index}]`, {
        Name: "",
        Protocol,
        AppProtocol: null,
        Port,
        TargetPort: 0,
        NodePort: 0,
      }),
    ),
  ];
}

/** The ports whose number under this key an earlier one of the same protocol has. */
function repeated(
  ports: readonly Json[],
  key: "port" | "nodePort",
): readonly (readonly [index: number, number: Number])[] {
  const numbers = ports.map((port): Number => [
    stringAt(port, "protocol") ?? "TCP",
    numberAt(port, key) ?? 0,
  ]);
  return [...numbers.entries()].filter(
    ([index, [protocol, number]]) =>
      number !== 0 && numbers.findIndex((one) => one[0] === protocol && one[1] === number) < index,
  );
}
