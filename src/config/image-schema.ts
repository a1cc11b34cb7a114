import * as z from "zod";
import { repositorySchema } from "./repository-schema.ts";
import { nameSchema, sourceTagSchema } from "./value-schemas.ts";

const taggedImageSchema = z.strictObject({
  repository: repositorySchema.describe("Repository that several images share."),
  tag: sourceTagSchema.describe(
    "Tags that the builds push for this image, instead of source.tag, as in api-{version}.",
  ),
  name: nameSchema
    .optional()
    .describe(
      "Name of the image in messages and in production tags (prod-api-1.4.2). " +
        "Absent: what is fixed in `tag`, in messages behind the repository.",
    ),
});

/** `images` of an application. */
export const listedImagesSchema = z
  .array(z.union([repositorySchema, taggedImageSchema]))
  .min(1)
  .describe(
    "Repositories whose images go live together; { repository, tag } for one of several images of a repository.",
  );
