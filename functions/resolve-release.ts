import * as z from "zod";
import { resolveRelease } from "../src/promotion/steps/resolve-release.ts";
import { registryOf } from "../src/runtime/registry.ts";
import {
  environmentsOf,
  openWorkOf,
  promotionsOf,
  releasesOf,
  trailOf,
} from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

const schema = stepSchema.extend({
  execution: z.string(),
  startedAt: z.string(),
  input: z.unknown(),
});

export const { createHandler, handler } = stepFunction(resolveRelease, schema, {
  environments: environmentsOf,
  openWork: openWorkOf,
  promotions: promotionsOf,
  registry: registryOf,
  releases: releasesOf,
  trail: trailOf,
});
