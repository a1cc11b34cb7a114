import * as z from "zod";

const envelope = { id: z.string(), account: z.string(), region: z.string(), time: z.iso.datetime({ offset: true }) };

/** "ECR Image Action". Only what every captured event has is required; an untagged push has an empty or no tag. */
export const pushEventSchema = z.object({
  ...envelope,
  detail: z.object({
    "action-type": z.string(), "result": z.string(), "repository-name": z.string(), "image-digest": z.string().optional(), "image-tag": z.string().optional(),
    "manifest-media-type": z.string().optional(), "artifact-media-type": z.string().optional(),
  }),
}).transform(({ detail, ...event }) => ({
  ...event, action: detail["action-type"], result: detail.result, repository: detail["repository-name"], digest: detail["image-digest"] ?? "", tag: detail["image-tag"] ?? "",
  mediaType: detail["manifest-media-type"], artifactType: detail["artifact-media-type"],
}));

/** Scans and referrers: only the repository counts. Inspector names it by its ARN. */
export const factsEventSchema = z.object({ detail: z.object({ "repository-name": z.string() }) })
  .transform(({ detail }) => ({ repository: detail["repository-name"].replace(/^arn:[^:]+:ecr:[^:]*:[^:]*:repository\//, "") }));
