import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { pushManifests } from "./commands/push-manifests.ts";
import { render } from "./commands/render.ts";
import { nameArgument } from "./name-argument.ts";
import type { Session } from "./session.ts";

/** Where the objects of an environment come from. */
export function addRender(program: Command, { root, terminal, options }: Session): void {
  program
    .command("render")
    .description("print the objects of an environment as they would be packaged")
    .addArgument(nameArgument("<application>"))
    .addArgument(nameArgument("<environment>"))
    .action(async (application: string, environment: string) =>
      render({ application, environment, root, ...options() }, terminal),
    );
}

export function addPushManifests(
  program: Command,
  { root, terminal, options, registry, configuration }: Session,
): void {
  program
    .command("push-manifests")
    .description("push the objects of all environments as one OCI artifact")
    .addArgument(new Argument("<target>", "such as orderbook-manifests:dev-1.4.2"))
    .addArgument(new Argument("<folder>", "with one folder for each environment"))
    .action(async (target: string, folder: string) =>
      pushManifests(
        { target, folder, ...options() },
        {
          logIn: registry,
          configuration: async () =>
            existsSync(resolve(root, options().config)) ? configuration() : undefined,
          terminal,
        },
      ),
    );
}
