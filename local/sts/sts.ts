import { randomUUID } from "node:crypto";
import type { CloudContext, Service, ServiceRequest, ServiceResponse } from "../service.ts";
import { unsupported } from "../unsupported.ts";

export interface Identity {
  /** Such as `arn:<partition>:sts::111122223333:assumed-role/promote/promote`. */
  readonly arn: string;
  readonly userId: string;
}

export interface StsOptions {
  readonly callerOf: (accessKeyId: string) => Identity | undefined;
}

/**
 * GetCallerIdentity in the query protocol, as a form or as the presigned URL that an EKS token
 * carries. Signatures are not checked here, nor is their age.
 */
export function createSts({ account }: CloudContext, options: StsOptions): Service {
  return {
    name: "sts",
    endpointVariable: "AWS_ENDPOINT_URL_STS",
    signingNames: ["sts"],
    // "No permissions are required to perform this operation", not even against an explicit deny
    // (API_GetCallerIdentity).
    operation: () => undefined,
    handle: async (request) => answer(request, { account, callerOf: options.callerOf }),
    close: async () => undefined,
  };
}

const version = "2011-06-15";

function answer(
  request: ServiceRequest,
  { account, callerOf }: StsOptions & { readonly account: string },
): ServiceResponse {
  const parameters =
    request.method === "POST" ? new URLSearchParams(request.body.toString("utf8")) : request.query;
  const action = parameters.get("Action") ?? "";
  if (action !== "GetCallerIdentity" || parameters.get("Version") !== version) {
    return failure(
      400,
      "InvalidAction",
      unsupported(`sts:${action} of version ${parameters.get("Version") ?? "none"}`),
    );
  }
  const { accessKeyId } = request.caller;
  if (accessKeyId === undefined) {
    return failure(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  const identity = callerOf(accessKeyId);
  if (!identity) {
    return failure(
      403,
      "InvalidClientTokenId",
      "The security token included in the request is invalid.",
    );
  }
  return xmlIdentity(identity, account);
}

function xmlIdentity({ arn, userId }: Identity, account: string): ServiceResponse {
  const fields = `<Arn>${escapeXml(arn)}</Arn><UserId>${escapeXml(userId)}</UserId><Account>${account}</Account>`;
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return xml(
    200,
    "GetCallerIdentityResponse",
    `<GetCallerIdentityResult>${fields}</GetCallerIdentityResult>${metadata}`,
  );
}

/**
 * "awsQuery" error answers: ErrorResponse, Error with Type, Code and Message, RequestId (smithy.io,
 * "AWS query protocol").
 */
function failure(status: number, code: string, message: string): ServiceResponse {
  const error = `<Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  return xml(
    status,
    "ErrorResponse",
    `<Error>${error}</Error><RequestId>${randomUUID()}</RequestId>`,
  );
}

function xml(status: number, element: string, content: string): ServiceResponse {
  const body = `<${element} xmlns="https://sts.amazonaws.com/doc/${version}/">${content}</${element}>`;
  return { status, headers: { "content-type": "text/xml" }, body };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
