import type { CloudContext, ServiceRequest, ServiceResponse } from "../service.ts";
import { answerBytes } from "./answer-bytes.ts";
import { createSignedText } from "./signed-text.ts";
import type { Storage } from "./storage.ts";

export const downloadPrefix = "/_ecr-layers/";

export interface LayerDownloads {
  /** What S3's pre-signed URL is to ECR: whoever has it may read the layer until it expires. */
  urlFor(digest: string): string;
  answer(request: ServiceRequest): ServiceResponse;
}

const lifetime = 60 * 60 * 1000;

export function createLayerDownloads(context: CloudContext, storage: Storage): LayerDownloads {
  const tokens = createSignedText();
  return {
    urlFor(digest) {
      const token = tokens.sign(
        JSON.stringify({ digest, expiresAt: context.clock.now() + lifetime }),
      );
      return `${context.origin()}${downloadPrefix}${token}`;
    },
    answer(request) {
      const payload = tokens.verify(request.path.slice(downloadPrefix.length));
      if (payload === undefined) return s3Error(403, "AccessDenied", "Access Denied");
      const grant: { digest: string; expiresAt: number } = JSON.parse(payload);
      if (grant.expiresAt <= context.clock.now()) {
        return s3Error(403, "AccessDenied", "Request has expired");
      }
      const bytes = storage.bytesOf(grant.digest);
      if (!bytes) return s3Error(404, "NoSuchKey", "The specified key does not exist.");
      return answerBytes(request, bytes, { "content-type": "application/octet-stream" });
    },
  };
}

/** Source: Amazon S3 API reference, "REST error responses". */
function s3Error(status: number, code: string, message: string): ServiceResponse {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${error}`,
  };
}
