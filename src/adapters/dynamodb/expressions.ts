import { marshal, type Item } from "./marshal.ts";

export interface Update {
  /** Clauses of an UpdateExpression without their keyword, such as `#a = :a, #b = :b`. */
  readonly set?: readonly string[];
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly condition: string;
  /** Attributes whose name is not a plain word: `{ digest: "digest#orderbook-api" }` for `#digest`. */
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: object;
}

/** Every update names its writer and the form of the item. */
export function updateExpression({ set = [], add = [], remove = [] }: Update): string {
  const sections = {
    SET: [...set, "#writer = :writer", "#schemaVersion = :schemaVersion"],
    ADD: add,
    REMOVE: remove,
  };
  return Object.entries(sections)
    .filter(([, clauses]) => clauses.length > 0)
    .map(([word, clauses]) => `${word} ${clauses.join(", ")}`)
    .join(" ");
}

/** DynamoDB refuses a name or value that no expression uses, so only those that occur are sent. */
export function placeholders(
  expression: string,
  { names, values }: { readonly names: Readonly<Record<string, string>>; readonly values: object },
): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Item } {
  const usedNames = [...expression.matchAll(/#(\w+)/g)].map(([placeholder, name = ""]) => [
    placeholder,
    names[name] ?? name,
  ]);
  const usedValues = new Set([...expression.matchAll(/:(\w+)/g)].map(([, name]) => name));
  const sentValues = Object.entries(values)
    .filter(([name]) => usedValues.has(name))
    .map(([name, value]) => [`:${name}`, value]);
  return {
    ...(usedNames.length > 0 && { ExpressionAttributeNames: Object.fromEntries(usedNames) }),
    ...(sentValues.length > 0 && {
      ExpressionAttributeValues: marshal(Object.fromEntries(sentValues)),
    }),
  };
}
