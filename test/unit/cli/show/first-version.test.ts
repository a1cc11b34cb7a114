import { expect, it } from "vitest";
import { firstVersion } from "../../../../cli/show/push-release.ts";
import { parseConfiguration } from "../../../story/shop.ts";

it("npm start says what to push where it cannot know the objects", async () => {
  const { configuration } = await parseConfiguration((yaml) =>
    yaml.replace("files: deploy/orderbook", "artifact: orderbook-manifests"),
  );
  const { orderbook } = configuration.applications;
  expect(orderbook && firstVersion(orderbook)).toEqual({
    kind: "none",
    reason:
      "its objects come in orderbook-manifests: run `npm run push -- orderbook 1.4.2` and " +
      "`npm run promoter -- push-manifests orderbook-manifests:dev-1.4.2 <folder>`",
  });
});
