import * as z from "zod";
import { formatDuration, parseDuration } from "../domain/duration.ts";
import { parseTagPattern, type TagPattern } from "../domain/image/tag-pattern.ts";
import { parseTag } from "../domain/image/tag.ts";
import { kindsNamed } from "../domain/pod-spec/kinds.ts";
import { parseVersionGlob, parseVersionRange } from "../domain/version-policy.ts";
import { parsedText, textLike } from "./parsed-text.ts";

/** Names of ours go into keys of the table, inputs of executions and messages. */
const nameForm = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const nameSchema = textLike(nameForm, {
  expected: "name",
  remedy: "use lower-case letters, digits and -, at most 40, beginning with a letter or digit",
});

/**
 * For editors only: zod would not look into an entry whose key is wrong, so a check of its own
 * judges the keys.
 */
export const keySchema = z.string().meta({ pattern: nameForm.source });

/** The form of cluster names: Amazon EKS API reference, CreateCluster. */
export const eksNameSchema = textLike(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, {
  expected: "EKS cluster name",
  remedy: "use letters, digits, - and _, at most 100",
});

/** Of Kubernetes. */
export const minorSchema = textLike(/^1\.\d{1,3}$/, {
  expected: "minor version of Kubernetes",
  remedy: 'write it in quotes, as "1.35"',
});

export const sourceTagSchema = tagPattern("dev-{version}");
export const releaseTagSchema = tagPattern("prod-{version}");

export const movingTagSchema = parsedText(parseTag, {
  expected: "tag",
  remedy: "use letters, digits, _ . and -, at most 128; a moving tag has no {version}",
  pattern: "^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$",
});

export const orderSchema = z.enum(["semver", "number", "date", "pushed"]);

export const versionRangeSchema = parsedText(parseVersionRange, {
  expected: "version range that any version could match",
  remedy: 'write it as npm does, in quotes: ">=1.0.0 <2.0.0", "^1.4.0" or "1.x || 3.x"',
});

export const versionGlobSchema = parsedText(parseVersionGlob, {
  expected: "version pattern",
  remedy:
    'write versions, in quotes, with * for any characters: "latest", "*-debug"; * alone would ignore every version',
  pattern: "^[a-zA-Z0-9._*-]{1,128}$",
});

export const slackChannelSchema = textLike(/^(?:#[^\s#@]{1,80}|[CG][A-Z0-9]{2,})$/, {
  expected: "Slack channel",
  remedy: 'write "#releases", in quotes, or the id of the channel',
});
export const slackUserSchema = textLike(/^[UW][A-Z0-9]{2,}$/, {
  expected: "Slack user id",
  remedy: "write the member id, such as U012AB3CD; Slack shows it in the profile. Names can change",
});

function tagPattern(example: string): z.ZodType<TagPattern, string> {
  return parsedText(parseTagPattern, {
    expected: "tag pattern with one {version}",
    remedy: `write it as ${example}, with exactly one {version}`,
    pattern: "^[a-zA-Z0-9._-]*\\{version\\}[a-zA-Z0-9._-]*$",
  });
}

export function regionSchema(): z.ZodType<string, string> {
  return textLike(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, {
    expected: "AWS Region",
    remedy: "write it as eu-west-1",
  });
}

export function durationSchema({
  min = 0,
  max,
}: {
  readonly min?: number;
  readonly max: number;
}): z.ZodType<number, string> {
  const inRange = (text: string): number | undefined => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds >= min && milliseconds <= max
      ? milliseconds
      : undefined;
  };
  const expected = `duration from ${formatDuration(min)} to ${formatDuration(max)}`;
  const examples = ["90s", "2m", "1h30m", "7d"].filter((text) => inRange(text) !== undefined);
  return parsedText(inRange, {
    expected,
    remedy: `write it as ${examples.slice(0, -1).join(", ")} or ${examples.at(-1)}`,
    pattern: "^(\\d+(ms|s|m|h|d))+$",
    examples,
  });
}

/** RFC 1123 label (kubernetes.io, "Object Names and IDs"). */
export function namespaceSchema(): z.ZodType<string, string> {
  return textLike(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    expected: "namespace",
    remedy: "use lower-case letters, digits and -, at most 63",
  });
}

/** A Kubernetes kind, with its API group or without. */
export const kindSchema = parsedText(parseAllowedKind, {
  expected: "kind of objects that may be allowed",
  remedy:
    "write it as ClusterRole or ServiceMonitor.monitoring.coreos.com; " +
    "some kinds can never be applied (see docs/configuration.md)",
  pattern: "^[A-Z][A-Za-z0-9]*(\\.[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$",
});

/** What may never be used cannot be allowed. */
function parseAllowedKind(text: string): string | undefined {
  const known = kindsNamed(text);
  const neverUsed = known.length > 0 && known.every(({ use }) => use === "never");
  const form = /^[A-Z][A-Za-z0-9]*(?:\.[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?$/;
  return form.test(text) && !neverUsed ? text : undefined;
}

/** Inside the project, so that what runs is reviewed and packaged together with the configuration. */
export function folderSchema(): z.ZodType<string, string> {
  return textLike(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\:]+$/, {
    expected: "folder within the project",
    remedy: "write a path below this file, such as deploy/orderbook",
  });
}
