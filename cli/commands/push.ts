import { randomUUID } from "node:crypto";
import type { Application, Configuration } from "../../src/domain/configuration.ts";
import { errorMessage } from "../../src/domain/errors.ts";
import { formatTagPattern, tagOf } from "../../src/domain/image/tag-pattern.ts";
import { applicationNamed } from "../application-named.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { pushRelease, type PushReleaseOptions } from "../show/push-release.ts";
import type { Terminal } from "../terminal.ts";

export interface PushOptions {
  readonly application: string;
  readonly version: string;
  /** Members; none means all. */
  readonly only: readonly string[];
  /** Other contents than the last time, so other digests under the same tag. */
  readonly rebuild: boolean;
}

export interface PushPorts {
  readonly configuration: Configuration;
  readonly registry: PushReleaseOptions["registry"];
  readonly terminal: Terminal;
}

/**
 * What a build pipeline would push, for users without an image at hand: a small real image for each
 * member, with the dev tag of the version.
 */
export async function push(
  { version, only, rebuild, ...named }: PushOptions,
  { configuration, registry, terminal }: PushPorts,
): Promise<void> {
  const application = applicationNamed(named.application, configuration);
  const misfit = application.members.find(({ tag }) => tagOf(tag, version) === undefined);
  if (misfit) {
    throw new CommandError(
      `"${version}" does not form a valid tag with ${formatTagPattern(misfit.tag)}: ` +
        'a tag has at most 128 letters, digits, ".", "_" and "-"',
      exitCodes.usage,
    );
  }
  for (const one of only) assertMember(one, application);
  const pushing = {
    registry,
    application,
    version,
    ...(only.length > 0 ? { only } : {}),
    ...(rebuild ? { build: ` ${randomUUID()}` } : {}),
    signal: new AbortController().signal,
  };
  await pushRelease(pushing, terminal).catch((error: unknown) => {
    throw new CommandError(`the registry refused: ${errorMessage(error)}`);
  });
}

function assertMember(wanted: string, { name, members }: Application): void {
  const names = members.map((member) => member.name);
  if (!names.includes(wanted)) {
    throw new CommandError(
      `"${wanted}" is not an image of ${name}: it has ${names.join(", ")}`,
      exitCodes.usage,
    );
  }
}
