import type { MessageStore, SlackChannel, SlackUser } from "./message-store.ts";

/** Who and what there is, and the app that is installed in it. */
export interface Workspace {
  readonly messages: MessageStore;
  readonly channels: readonly SlackChannel[];
  readonly users: readonly SlackUser[];
  readonly botToken: string;
  readonly appId: string;
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
  /** `http://127.0.0.1:<port>/_slack` */
  readonly address: () => string;
  readonly now: () => number;
}
