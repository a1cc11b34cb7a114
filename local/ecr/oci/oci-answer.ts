import type { ServiceResponse } from "../../service.ts";
import { EcrFault } from "../ecr-fault.ts";

/** An error of the distribution API. */
export class OciFault extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "OciFault";
    this.status = status;
    this.code = code;
  }
}

type Headers = Readonly<Record<string, string>>;

const everyAnswer: Headers = { "docker-distribution-api-version": "registry/2.0" };

export function ociAnswer(
  status: number,
  headers: Headers = {},
  body?: string | Uint8Array,
): ServiceResponse {
  return { status, headers: { ...everyAnswer, ...headers }, ...(body !== undefined && { body }) };
}

export function ociJson(status: number, headers: Headers, value: unknown): ServiceResponse {
  return ociAnswer(
    status,
    { "content-type": "application/json; charset=utf-8", ...headers },
    JSON.stringify(value),
  );
}

/** The error body of the distribution-spec, "Error codes". */
export function ociError(error: OciFault): ServiceResponse {
  return ociJson(error.status, {}, { errors: [{ code: error.code, message: error.message }] });
}

export function asOciFault(error: unknown): OciFault | undefined {
  if (error instanceof OciFault) return error;
  if (!(error instanceof EcrFault)) return undefined;
  const [status, code] = codes[error.code] ?? [400, "UNSUPPORTED"];
  return new OciFault(status, code, error.message);
}

/**
 * How ECR words its exceptions at this door: UNSUPPORTED with 405 for a manifest that it does not
 * take (oras-project/oras issues 690 and 1133, openai/tart issue 890), BLOB_UPLOAD_INVALID for an
 * empty blob (radius-project/radius issue 7855), MANIFEST_INVALID for a wrong digest
 * (google/go-containerregistry issue 1568), BLOB_UPLOAD_UNKNOWN for missing layers
 * (oras-project/oras-py issue 54), MANIFEST_BLOB_UNKNOWN for missing children
 * (int128/docker-manifest-create-action pull request 63), TAG_INVALID for immutable tags
 * (osscontainertools/kaniko pull request 204). The reports do not give the statuses of the two
 * kinds of missing content; they are those that the distribution-spec and its reference
 * implementation attach to these codes.
 */
const codes: Readonly<Record<string, readonly [status: number, code: string]>> = {
  RepositoryNotFoundException: [404, "NAME_UNKNOWN"],
  InvalidParameterException: [405, "UNSUPPORTED"],
  EmptyUploadException: [400, "BLOB_UPLOAD_INVALID"],
  ImageDigestDoesNotMatchException: [400, "MANIFEST_INVALID"],
  LayersNotFoundException: [404, "BLOB_UPLOAD_UNKNOWN"],
  ReferencedImagesNotFoundException: [404, "MANIFEST_BLOB_UNKNOWN"],
  ImageTagAlreadyExistsException: [400, "TAG_INVALID"],
  LimitExceededException: [400, "DENIED"],
};
