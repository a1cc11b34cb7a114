import type { RealPart } from "@promoter/local-cloud/real-parts";

/** `ECR at https://…`, `cluster orderbook-prod (context kind)`. */
export function describePart(part: RealPart): string {
  switch (part.kind) {
    case "ecr":
      return `ECR at ${part.endpoint}`;
    case "slack":
      return `Slack at ${part.api}`;
    case "cluster":
      return `cluster ${part.name} (context ${part.context})`;
    default:
      return part satisfies never;
  }
}
