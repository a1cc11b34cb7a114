import { Argument, InvalidArgumentError } from "commander";
import { nameFault } from "../src/domain/workflow-request.ts";

/**
 * An argument that is the name of an application, of an environment or of a version: what cannot be
 * one is refused before any call.
 */
export function nameArgument(flags: string): Argument {
  return new Argument(flags).argParser((text: string) => {
    const fault = nameFault(text);
    if (fault === undefined) return text;
    throw new InvalidArgumentError(`It ${fault}.`);
  });
}
