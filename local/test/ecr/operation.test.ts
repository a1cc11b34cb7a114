import { afterEach, beforeEach, expect, it } from "vitest";
import type { ServiceRequest } from "../../service.ts";
import { startRegistry, type TestRegistry } from "./start-registry.ts";

// Actions and resource types: service authorization reference, "Amazon Elastic Container Registry".
let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const nobody = { accessKeyId: undefined, role: undefined, functionName: undefined };
const arn = (name: string): string => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`;

function request(
  method: string,
  path: string,
  further: Partial<ServiceRequest> = {},
): ServiceRequest {
  return {
    method,
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    caller: nobody,
    ...further,
  };
}

function jsonCall(operation: string, input: unknown): ServiceRequest {
  const headers = { "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}` };
  return request("POST", "/", { headers, body: Buffer.from(JSON.stringify(input)) });
}

it.each([
  ["PutImage", { repositoryName: "a/b" }, "ecr:PutImage", [arn("a/b")], "write"],
  ["BatchGetImage", { repositoryName: "a" }, "ecr:BatchGetImage", [arn("a")], "read"],
  ["ListImageReferrers", { repositoryName: "a" }, "ecr:BatchGetImage", [arn("a")], "read"],
  [
    "DescribeRepositories",
    { repositoryNames: ["a", "b"] },
    "ecr:DescribeRepositories",
    [arn("a"), arn("b")],
    "read",
  ],
  ["DescribeRepositories", {}, "ecr:DescribeRepositories", [arn("*")], "read"],
  ["GetAuthorizationToken", {}, "ecr:GetAuthorizationToken", ["*"], "read"],
  ["PutRegistryScanningConfiguration", {}, "ecr:PutRegistryScanningConfiguration", ["*"], "write"],
] as const)("%s of %o is %s on %o", (operation, input, action, resources, access) => {
  expect(registry.ecr.operation(jsonCall(operation, input))).toEqual({ action, resources, access });
});

it.each([
  ["PUT", "manifests/dev-1", "ecr:PutImage", "write"],
  ["GET", "manifests/dev-1", "ecr:BatchGetImage", "read"],
  ["HEAD", "manifests/dev-1", "ecr:BatchGetImage", "read"],
  ["DELETE", "manifests/dev-1", "ecr:BatchDeleteImage", "write"],
  ["HEAD", "blobs/sha256:0", "ecr:BatchCheckLayerAvailability", "read"],
  ["GET", "blobs/sha256:0", "ecr:GetDownloadUrlForLayer", "read"],
  ["POST", "blobs/uploads/", "ecr:InitiateLayerUpload", "write"],
  ["PATCH", "blobs/uploads/id", "ecr:UploadLayerPart", "write"],
  ["PUT", "blobs/uploads/id", "ecr:CompleteLayerUpload", "write"],
  ["GET", "tags/list", "ecr:ListImages", "read"],
] as const)("%s %s counts as %s", (method, path, action, access) => {
  expect(registry.ecr.operation(request(method, `/v2/team/a/${path}`))).toEqual({
    action,
    resources: [arn("team/a")],
    access,
  });
});

it("counts a look at all repositories as DescribeRepositories", () => {
  expect(registry.ecr.operation(request("GET", "/v2/_catalog"))).toEqual({
    action: "ecr:DescribeRepositories",
    resources: [arn("*")],
    access: "read",
  });
});

it.each(["/v2/", "/v2", "/v2/_other", "/_ecr-layers/token"])("%s needs no permission", (path) => {
  expect(registry.ecr.operation(request("GET", path))).toBeUndefined();
});
