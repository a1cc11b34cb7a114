import { ECRClient } from "@aws-sdk/client-ecr";
import { virtualClock } from "@promoter/local-cloud/clock";
import {
  blobsOf,
  buildImage,
  buildIndex,
  type BuiltImage,
} from "@promoter/local-cloud/image-builder";
import { createEcr, type EcrOptions } from "@promoter/local-cloud/internal/ecr/ecr.ts";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import { ecrImageRegistry } from "../../src/adapters/ecr/image-registry.ts";
import type { Digest } from "../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import { fakeImageRegistry } from "../fakes/image-registry.ts";
import { imageRegistryContract, type ImageRegistryWorld } from "./image-registry.contract.ts";

const names = ["orderbook/api", "orderbook-ui"] as const;

imageRegistryContract("the fake", async () => {
  const clock = virtualClock();
  const registry = fakeImageRegistry({ now: () => clock.now() });
  for (const name of names) registry.addRepository(name as RepositoryName);
  return {
    registry,
    now: clock.now(),
    async addImage(repository, contents) {
      const { manifest, parts } = registry.addImage(repository, contents);
      return { digest: manifest.digest, blobs: parts };
    },
    async addIndex(repository, { tag, content }) {
      const image = registry.addImage(repository, { content });
      return registry.addIndex(repository, { tag, images: [{ platform: "linux/amd64", image }] })
        .manifest.digest;
    },
    setMutability: (repository, mutability) => registry.setMutability(repository, mutability),
    archive: (image) => registry.archive(image),
    dropLayer: (repository, layer) => registry.dropLayer(repository, layer),
    close: async () => undefined,
  };
});

/**
 * Reports differ on what the same tag and digest gets in an immutable repository, so both answers
 * are lived through.
 */
const repeats = ["ImageTagAlreadyExistsException", "ImageAlreadyExistsException"] as const;
for (const immutableRepeat of repeats) {
  imageRegistryContract(`ECR that repeats ${immutableRepeat}`, () => localEcr({ immutableRepeat }));
}

async function localEcr(options: Pick<EcrOptions, "immutableRepeat">): Promise<ImageRegistryWorld> {
  const clock = virtualClock();
  const ecr = createEcr(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock,
      origin: () => gateway.origin,
      emit: () => undefined,
      track: (work) => work,
    },
    { ...options, repositories: names.map((name) => ({ name })), anonymous: true },
  );
  const gateway = await startGateway({ services: () => [ecr] });
  const client = new ECRClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const push = async (
    repository: string,
    image: Parameters<typeof pushImage>[0]["image"],
    tag: string,
  ): Promise<Digest> =>
    (await pushImage({ origin: gateway.origin, repository, tag, image })) as Digest;
  return {
    registry: ecrImageRegistry({ client, registryId: "111122223333", fetch }),
    now: clock.now(),
    async addImage(repository, { tag, content }) {
      const image = imageOf(content);
      return {
        digest: await push(repository, image, tag),
        blobs: blobsOf(image).map(({ digest }) => digest as Digest),
      };
    },
    addIndex: (repository, { tag, content }) =>
      push(repository, buildIndex([imageOf(content)], "oci"), tag),
    setMutability: (repository, mutability) => ecr.setMutability(repository, mutability),
    archive: ({ repository, digest }) => ecr.archive(repository, digest),
    dropLayer: (repository, layer) => ecr.dropLayer(repository, layer),
    async close() {
      client.destroy();
      await gateway.close();
      await ecr.close();
    },
  };
}

function imageOf(content: string): BuiltImage {
  return buildImage({
    platform: { os: "linux", architecture: "amd64" },
    files: { "app/version": content },
    created: "2026-01-05T09:00:00Z",
    mediaTypes: "oci",
  });
}
