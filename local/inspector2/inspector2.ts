import * as z from "zod";
import type { ScannerControls } from "../ecr/controls.ts";
import { EcrFault } from "../ecr/ecr-fault.ts";
import { page } from "../ecr/page.ts";
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
  const parsed = input.safeParse(bodyOf(request));
  if (!parsed.success) return fault(400, "ValidationException", z.prettifyError(parsed.error));
  try {
    return json(200, listCoverage(context, scanner, parsed.data));
  } catch (error) {
    if (!(error instanceof EcrFault)) throw error;
    return fault(400, "ValidationException", error.message);
  }
}

/** With basic scanning Inspector covers no image. */
function listCoverage(
  context: CloudContext,
  scanner: ScannerControls,
  wanted: z.infer<typeof input>,
): unknown {
  const views = scanner.type === "ENHANCED" ? scanner.scans() : [];
  const images = views.map((view) => coveredImage(context, view));
  const { items, ...rest } = page(
    images.filter((image) => passes(wanted.filterCriteria ?? {}, image)),
    wanted,
    200,
  );
  return { coveredResources: items, ...rest };
}

function bodyOf(request: ServiceRequest): unknown {
  try {
    return request.body.length === 0 ? {} : JSON.parse(request.body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function json(status: number, value: unknown): ServiceResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function fault(status: number, name: string, message: string): ServiceResponse {
  const headers = { "content-type": "application/json", "x-amzn-errortype": name };
  return { status, headers, body: JSON.stringify({ message }) };
}
