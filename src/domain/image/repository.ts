declare const brand: unique symbol;

/**
 * Name of an ECR repository, without registry and tag: 2 to 256 characters (ECR API reference,
 * PutImage).
 */
export type RepositoryName = string & { readonly [brand]: "RepositoryName" };

const form = /^(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

export function isRepositoryName(text: string): text is RepositoryName {
  return text.length >= 2 && text.length <= 256 && form.test(text);
}

export function parseRepositoryName(text: string): RepositoryName | undefined {
  return isRepositoryName(text) ? text : undefined;
}
