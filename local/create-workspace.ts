import type { Configuration } from "./configuration.ts";
import type { CloudContext } from "./service.ts";
import { createSlack, type Slack, type SlackOptions } from "./slack/create-slack.ts";

export interface WorkspaceOptions extends Pick<
  SlackOptions,
  "botToken" | "signingSecret" | "interactivityUrl"
> {
  readonly configuration: Configuration;
  /** Besides the approvers. */
  readonly people: SlackOptions["users"];
}

/**
 * The local Slack: every approver of promoter.yml is a person of it, every channel there one of its
 * channels.
 */
export function createWorkspace(
  context: CloudContext,
  { configuration, people, ...app }: WorkspaceOptions,
): Slack {
  const policies = Object.values(configuration.applications).flatMap(({ environments }) =>
    Object.values(environments).flatMap(({ approval }) => approval ?? []),
  );
  const approvers = [...new Set(policies.flatMap((policy) => policy.approvers))].map((id) => ({
    id,
    name: id,
  }));
  const channels = [...new Set(policies.map(({ channel }) => channel.replace(/^#/, "")))];
  return createSlack(context, {
    ...app,
    users: [...approvers, ...people],
    channels: channels.map((name, index) => ({
      id: `C${String(index + 1).padStart(8, "0")}`,
      name,
    })),
  });
}
