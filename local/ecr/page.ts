import { pageOf, type Page, type PageRequest } from "../aws/page.ts";
import { unmetConstraint } from "./ecr-fault.ts";

export function page<T>(all: readonly T[], request: PageRequest, defaultSize: number): Page<T> {
  const found = pageOf(all, request, defaultSize);
  if (!found) throw unmetConstraint("nextToken", "Invalid pagination token");
  return found;
}
