/** A resource of CloudFormation. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export type Resources = Readonly<Record<string, Resource>>;

/** A function as serverless.yml has it; the keys that the derivation looks at. */
export interface FunctionDefinition {
  /** `functions/verify-images.handler`. */
  readonly handler: string;
  readonly destinations?: unknown;
}

/** serverless.yml with its variables resolved. */
export interface Service {
  readonly name: string;
  readonly stage: string;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  readonly resources: Resources;
}

/** `verifyImages` to `VerifyImages`. */
export function pascalCase(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

/** `verifyImages` to `verify-images`. */
export function kebabCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The framework's own rule for the logical id of a function. */
export function functionId(key: string): string {
  return `${pascalCase(key)}LambdaFunction`;
}

export function roleId(key: string): string {
  return `${pascalCase(key)}Role`;
}

export function functionName(
  { name, stage }: Pick<Service, "name" | "stage">,
  key: string,
): string {
  return `${name}-${stage}-${kebabCase(key)}`;
}
