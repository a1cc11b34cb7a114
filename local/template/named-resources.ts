import type { AccountRegion } from "../aws/resource-arn.ts";
import type { Resource, Resolve, Template } from "./resolve-template.ts";

export interface Reading {
  readonly template: Template;
  readonly place: AccountRegion;
  readonly resolve: Resolve;
}

export interface Named {
  readonly id: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function resourcesOf({ template, resolve }: Reading, type: string): readonly Named[] {
  const found: [string, Resource][] = Object.entries(template.Resources).filter(
    ([, resource]) => resource.Type === type,
  );
  return found.map(([id, { Properties = {} }]) => ({
    id,
    ref: String(resolve({ Ref: id })),
    arn: String(resolve({ "Fn::GetAtt": [id, "Arn"] })),
    properties: resolve(Properties) as Named["properties"],
  }));
}
