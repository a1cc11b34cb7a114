/**
 * What a program in Go decodes JSON into: anything, a list, or a struct with its fields. A pointer
 * to a struct is gone with `null`.
 */
export type Shape =
  | "anything"
  | { readonly list: Shape }
  | { readonly struct: Readonly<Record<string, Shape>>; readonly pointer?: true };

/**
 * Decodes as Go's encoding/json does, where that differs from JSON.parse: a key that fits no field
 * exactly is folded (ASCII case, U+017F, U+212A), of several that fit one field the last counts,
 * structs and items of lists that are there are filled up (golang/go issue 21092), and bytes that
 * are not UTF-8 become U+FFFD. Source: its documentation of Unmarshal, fold.go and decode.go.
 * Throws what is no JSON, and a value of another kind than its field.
 */
export function decodeAsGo(bytes: Uint8Array, shape: Shape): unknown {
  const text = Buffer.from(bytes).toString("utf8");
  JSON.parse(text);
  return valueAt({ text, at: 0 }, shape, undefined);
}

interface Cursor {
  readonly text: string;
  at: number;
}

function valueAt(cursor: Cursor, shape: Shape, before: unknown): unknown {
  const first = peek(cursor);
  if (first === "{") return objectAt(cursor, shape, before);
  if (first === "[") return listAt(cursor, shape, before);
  const scalar = first === '"' ? textAt(cursor) : literalAt(cursor);
  if (shape === "anything") return scalar;
  if (scalar !== null) throw mismatch(shape);
  return "struct" in shape && !shape.pointer ? before : undefined;
}

function objectAt(cursor: Cursor, shape: Shape, before: unknown): unknown {
  if (shape !== "anything" && "list" in shape) throw mismatch(shape);
  const fields = shape === "anything" ? undefined : shape.struct;
  const decoded = new Map<string, unknown>(
    typeof before === "object" && before ? Object.entries(before) : [],
  );
  for (const key of keysOf(cursor)) {
    const field = fields ? fieldFor(key, fields) : key;
    const value = valueAt(
      cursor,
      fields?.[field ?? ""] ?? "anything",
      field === undefined ? undefined : decoded.get(field),
    );
    if (field !== undefined) decoded.set(field, value);
  }
  return Object.fromEntries(decoded);
}

function* keysOf(cursor: Cursor): Generator<string> {
  for (cursor.at += 1; peek(cursor) !== "}";) {
    const key = textAt(cursor);
    peek(cursor);
    cursor.at += 1;
    yield key;
    if (peek(cursor) === ",") cursor.at += 1;
  }
  cursor.at += 1;
}

function listAt(cursor: Cursor, shape: Shape, before: unknown): unknown {
  if (shape !== "anything" && !("list" in shape)) throw mismatch(shape);
  const items: unknown[] = [];
  for (cursor.at += 1; peek(cursor) !== "]";) {
    items.push(
      valueAt(
        cursor,
        shape === "anything" ? shape : shape.list,
        Array.isArray(before) ? before[items.length] : undefined,
      ),
    );
    if (peek(cursor) === ",") cursor.at += 1;
  }
  cursor.at += 1;
  return items;
}

function fieldFor(key: string, fields: Readonly<Record<string, Shape>>): string | undefined {
  return Object.hasOwn(fields, key)
    ? key
    : Object.keys(fields).find((field) => folded(field) === folded(key));
}

function folded(key: string): string {
  return key.replace(
    /[A-Z\u017f\u212a]/g,
    (letter) => ({ "\u017f": "s", "\u212a": "k" })[letter] ?? letter.toLowerCase(),
  );
}

/** Behind white space. */
function peek(cursor: Cursor): string {
  while (/\s/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
  return cursor.text.charAt(cursor.at);
}

function textAt(cursor: Cursor): string {
  const start = cursor.at;
  for (cursor.at += 1; cursor.text.charAt(cursor.at) !== '"';) {
    cursor.at += cursor.text.charAt(cursor.at) === "\\" ? 2 : 1;
  }
  cursor.at += 1;
  return String(JSON.parse(cursor.text.slice(start, cursor.at))).toWellFormed();
}

function literalAt(cursor: Cursor): unknown {
  const [literal = ""] = /^[^\s,\]}]+/.exec(cursor.text.slice(cursor.at, cursor.at + 1_000)) ?? [];
  cursor.at += literal.length;
  return JSON.parse(literal);
}

function mismatch(shape: Shape): Error {
  return new Error(
    `json: cannot unmarshal into Go value of ${typeof shape === "object" && "list" in shape ? "a slice" : "a struct"}`,
  );
}
