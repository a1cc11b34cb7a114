import * as z from "zod";
import { pageOf } from "../aws/page.ts";
import type { ScannerControls } from "../ecr/controls.ts";
import { parseJson } from "../json-value.ts";
import type {
  CloudContext,
  Operation,
  Service,
  ServiceRequest,
  ServiceResponse,
} from "../service.ts";
import { coverageFilter, passes } from "./coverage-filter.ts";
import { coveredImage } from "./coverage.ts";

/** Amazon Inspector, as far as enhanced scanning of ECR images shows in it: ListCoverage. */
export function createInspector2(context: CloudContext, scanner: ScannerControls): Service {
  return {
    name: "inspector2",
    endpointVariable: "AWS_ENDPOINT_URL_INSPECTOR2",
    signingNames: ["inspector2"],
    operation,
    handle: async (request) => answer(context, scanner, request),
    close: async () => {},
  };
}

/** Source: API reference, ListCoverage; the action takes no resource. */
function operation(request: ServiceRequest): Operation | undefined {
  return isListCoverage(request)
    ? { action: "inspector2:ListCoverage", resources: ["*"], access: "read" }
    : undefined;
}

function isListCoverage(request: ServiceRequest): boolean {
  return request.method === "POST" && request.path === "/coverage/list";
}

const input = z.object({
  maxResults: z.int().min(1).max(200).optional(),
  nextToken: z.string().optional(),
  filterCriteria: coverageFilter.optional(),
});

function answer(
  context: CloudContext,
  scanner: ScannerControls,
  request: ServiceRequest,
): ServiceResponse {
  if (!isListCoverage(request)) return fault(404, "UnknownOperationException", "");
  const parsed = input.safeParse(parseJson(request.body.toString("utf8") || "{}"));
  if (!parsed.success) return fault(400, "ValidationException", z.prettifyError(parsed.error));
  const coverage = listCoverage(context, scanner, parsed.data);
  return coverage
    ? json(200, coverage)
    : fault(400, "ValidationException", "Invalid pagination token");
}

/** With basic scanning Inspector covers no image. */
function listCoverage(
  context: CloudContext,
  scanner: ScannerControls,
  wanted: z.infer<typeof input>,
): object | undefined {
  const views = scanner.type === "ENHANCED" ? scanner.scans() : [];
  const images = views.map((view) => coveredImage(context, view));
  const found = pageOf(
    images.filter((image) => passes(wanted.filterCriteria ?? {}, image)),
    wanted,
    200,
  );
  if (!found) return undefined;
  const { items, ...rest } = found;
  return { coveredResources: items, ...rest };
}

function json(status: number, value: unknown): ServiceResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function fault(status: number, name: string, message: string): ServiceResponse {
  const headers = { "content-type": "application/json", "x-amzn-errortype": name };
  return { status, headers, body: JSON.stringify({ message }) };
}
