/** What ECR answers instead of a result. `code` is the exception's name in the service model. */
export class EcrFault extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "EcrFault";
    this.code = code;
    this.fields = fields;
  }
}

export function invalidParameter(message: string): EcrFault {
  return new EcrFault("InvalidParameterException", message);
}

/**
 * The form that ECR gives to every refused parameter. Source: aws/containers-roadmap issue 1873,
 * prowler pull request 603.
 */
export function unmetConstraint(parameter: string, constraint: string): EcrFault {
  return invalidParameter(
    `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`,
  );
}

export function repositoryNotFound(name: string, account: string): EcrFault {
  return new EcrFault(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );
}
