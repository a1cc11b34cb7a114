import { isLeaf, type Leaf } from "./value-matcher.ts";

/** A value of an event under its dotted path, and which elements of arrays it lies in. */
export interface Field {
  readonly path: string;
  readonly value: Leaf;
  /** Number of an array in this event -> index of the element. */
  readonly elements: ReadonlyMap<number, number>;
}

/**
 * Arrays leave no trace in the path: objects in them count as values of the field that holds the
 * array, at any depth (github.com/aws/event-ruler README, "JSON Array Matching"). Empty arrays and
 * objects therefore leave no field at all. Only objects and arrays lie in an element; a plain value
 * stands beside all others of its array (the same, Event.java).
 */
export function flattenEvent(event: unknown): readonly Field[] {
  const fields: Field[] = [];
  let arrays = 0;
  const visit = (value: unknown, path: string, elements: Field["elements"]): void => {
    if (isLeaf(value)) fields.push({ path, value, elements });
    else if (Array.isArray(value)) {
      const array = arrays++;
      value.forEach((element, index) =>
        visit(element, path, isLeaf(element) ? elements : new Map([...elements, [array, index]])),
      );
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, path === "" ? key : `${path}.${key}`, elements);
      }
    }
  };
  visit(event, "", new Map());
  return fields;
}
