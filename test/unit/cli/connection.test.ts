import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { invokeTimeout, localConnection } from "../../../cli/connection.ts";
import { describeFailure } from "../../../cli/describe-failure.ts";
import { loadTemplate } from "../../../scripts/stack/load-template.ts";
import { root } from "../../architecture/source-tree.ts";
import { manyApplications } from "../scripts/stack/many-applications.ts";

it("a function that never answers is given up, and the command may be retried", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = localConnection(
    {
      origin,
      pid: 1,
      account: "111122223333",
      region: "eu-west-1",
      stateMachineArn: "arn",
      stage: "dev",
      real: [],
    },
    () => 50,
  );
  const failed = await connection.invoke("show-status", {}).catch((error: unknown) => error);
  expect(describeFailure(failed)).toMatchObject({
    exitCode: 75,
    message: expect.stringContaining("could not be reached") as unknown,
  });
}, 5_000);

it("a function that exited without an answer is reported as such, and the command may be retried", async () => {
  const reply = {
    errorType: "Runtime.ExitError",
    errorMessage: "RequestId: id-1 Error: Runtime exited with error: exit status 1",
  };
  const server = createServer((_, response) =>
    response.writeHead(200, { "x-amz-function-error": "Unhandled" }).end(JSON.stringify(reply)),
  ).listen(0, "127.0.0.1");
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = localConnection(
    {
      origin,
      pid: 1,
      account: "111122223333",
      region: "eu-west-1",
      stateMachineArn: "arn",
      stage: "dev",
      real: [],
    },
    () => 5_000,
  );
  const failed = await connection.invoke("cancel-promotion", {}).catch((error: unknown) => error);
  expect(describeFailure(failed)).toMatchObject({
    exitCode: 75,
    message: expect.stringMatching(
      /^Runtime\.ExitError: the function ended before it could answer; .*rerun the command \(.*exit status 1\)$/,
    ) as unknown,
  });
});

it("the CLI waits longer for every function than it may run and start", async () => {
  const { functions } = await loadTemplate({
    root,
    configuration: manyApplications({ applications: 1, repositories: 1 }),
  });
  const impatient = functions.filter(
    ({ handler, timeout }) =>
      invokeTimeout(handler.replace(/^functions\/(.*)\.handler$/, "$1")) < (timeout + 10) * 1_000,
  );
  const invoked =
    /^functions\/(?:show-\w+|cancel-promotion|resume-environment|restore-environment|retry-promotion|reconcile)\.handler$/;
  expect(functions.filter(({ handler }) => invoked.test(handler))).toHaveLength(8);
  expect(impatient.filter(({ handler }) => invoked.test(handler))).toEqual([]);
});
