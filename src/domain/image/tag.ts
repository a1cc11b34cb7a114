declare const brand: unique symbol;

/** A tag by the grammar of the OCI distribution spec: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`. */
export type Tag = string & { readonly [brand]: "Tag" };

const form = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

export function isTag(text: string): text is Tag {
  return form.test(text);
}

export function parseTag(text: string): Tag | undefined {
  return isTag(text) ? text : undefined;
}
