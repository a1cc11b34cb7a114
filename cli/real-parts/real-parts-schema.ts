import * as z from "zod";
import { parsedText } from "../../src/config/parsed-text.ts";

const slack = z.strictObject({
  secret: z
    .string()
    .min(1)
    .optional()
    .describe(
      "JSON file outside the project with botToken and signingSecret. " +
        "Absent: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET from the environment.",
    ),
  callbackPort: z
    .int()
    .min(0)
    .max(65_535)
    .default(4511)
    .describe("Port that your tunnel points at; 0 picks a free one."),
  api: address().default("https://slack.com/api").describe("Web API of the workspace."),
  hooks: address()
    .default("https://hooks.slack.com/")
    .describe("Where the workspace accepts answers to clicks."),
});

const ecr = z.strictObject({
  endpoint: address()
    .optional()
    .describe(
      "Address of the API: an emulator, or absent for ECR itself in the Region of promoter.yml.",
    ),
});

/** The file of `npm start -- --real <file>`: which parts of the local cloud are the user's own. */
export const realPartsSchema = z
  .strictObject({
    slack: slack.optional().describe("Your workspace: { } is enough."),
    ecr: ecr.optional().describe("Your registry: { } is enough."),
  })
  .refine((parts) => Object.keys(parts).length > 0, {
    error: "no part is real",
    params: { remedy: "name slack or ecr, or omit --real" },
  });

function address(): z.ZodType<string, string> {
  return parsedText(safeAddress, {
    expected: "address of a part",
    remedy: "write https://…; http:// only for this machine (127.0.0.1, localhost)",
  });
}

/** Tokens and images go there, so only this machine may be reached without TLS. */
function safeAddress(text: string): string | undefined {
  const url = URL.parse(text);
  const isSafe =
    url?.protocol === "https:" ||
    (url?.protocol === "http:" && /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname));
  return url && isSafe && url.username === "" && url.search === "" && url.hash === ""
    ? text
    : undefined;
}
