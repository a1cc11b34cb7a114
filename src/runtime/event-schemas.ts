import * as z from "zod";

/** Events hold only names; AWS has none that are longer. */
const name = z.string().max(500);

const envelope = { id: name, account: name, region: name, time: z.iso.datetime({ offset: true }) };

/**
 * "ECR Image Action". Only what every captured event has is required; an untagged push has an empty
 * or no tag.
 */
export const pushEventSchema = z
  .object({
    ...envelope,
    detail: z.object({
      "action-type": name,
      result: name,
      "repository-name": name,
      "image-digest": name.optional(),
      "image-tag": name.optional(),
      "manifest-media-type": name.optional(),
      "artifact-media-type": name.optional(),
    }),
  })
  .transform(({ detail, ...event }) => ({
    ...event,
    action: detail["action-type"],
    result: detail.result,
    repository: detail["repository-name"],
    digest: detail["image-digest"] ?? "",
    tag: detail["image-tag"] ?? "",
    mediaType: detail["manifest-media-type"],
    artifactType: detail["artifact-media-type"],
  }));

/** Scans and referrers: only the repository counts. Inspector names it by its ARN. */
export const factsEventSchema = z
  .object({ detail: z.object({ "repository-name": name }) })
  .transform(({ detail }) => ({
    repository: detail["repository-name"].replace(/^arn:[^:]+:ecr:[^:]*:[^:]*:repository\//, ""),
  }));
