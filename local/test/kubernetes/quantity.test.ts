import { describe, expect, it } from "vitest";
import { canonicalQuantity, quantityValue } from "../../kubernetes/objects/quantity.ts";

// Rules: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, "Canonical form"; npm run test:cluster asks a server.

describe("a quantity", () => {
  it.each([
    ["0.5", "500m"],
    ["1.5", "1500m"],
    ["1000m", "1"],
    ["100", "100"],
    ["1000", "1k"],
    ["0.1", "100m"],
    ["0", "0"],
    ["-0.5", "-500m"],
    ["0.0001", "1m"],
    ["1024Mi", "1Gi"],
    ["1000Mi", "1000Mi"],
    ["1.5Gi", "1536Mi"],
    ["1000M", "1G"],
    ["12e6", "12e6"],
    ["much", "much"],
  ])("%s is stored as %s", (given, stored) => {
    expect(canonicalQuantity(given)).toBe(stored);
  });

  it.each([
    ["1", "1500m"],
    ["1000Mi", "1Gi"],
    ["1e3", "1001"],
    ["999M", "1G"],
  ])("%s is less than %s", (less, more) => {
    expect((quantityValue(less) ?? 0n) < (quantityValue(more) ?? 0n)).toBe(true);
  });
});
