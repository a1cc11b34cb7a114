import {
  unknownApplication,
  type Application,
  type Configuration,
} from "../src/domain/configuration.ts";
import { lookUp } from "../src/domain/look-up.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** The application that a person named. */
export function applicationNamed(
  name: string,
  { applications }: Pick<Configuration, "applications">,
): Application {
  const application = lookUp(applications, name);
  if (application) return application;
  throw new CommandError(unknownApplication(name, { applications }), exitCodes.usage);
}
