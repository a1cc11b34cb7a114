import * as z from "zod";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { receiveClick } from "../src/runtime/receive-click.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler =>
  lambda(world, { name: "OnSlackAction", schema: z.unknown() }, receiveClick(world));

export const handler = inLambda(createHandler);
