import type * as z from "zod";
import type { Registry } from "../domain/configuration.ts";
import type { RepositoryName } from "../domain/image/repository.ts";
import type { TagPattern } from "../domain/image/tag-pattern.ts";
import type { Tag } from "../domain/image/tag.ts";
import { isList, isRecord, listAt, recordAt, valueAt } from "../domain/json.ts";
import { taggedMember, type MemberSource } from "../domain/member-source.ts";
import type { ObjectSource } from "../domain/pod-spec/object-source.ts";
import type { VersionOrder } from "../domain/version-order.ts";
import type { VersionPolicy } from "../domain/version-policy.ts";
import {
  clusterSchema,
  imagesSchema,
  registrySchema,
  versionsSchema,
} from "./configuration-schema.ts";
import type { Path } from "./fault.ts";
import { allowedKinds } from "./normalise.ts";
import { alarmArnSchema } from "./observe-schema.ts";
import { sourceIn, sourceKeys } from "./one-source.ts";
import { repositoryIn, repositorySchema } from "./repository-schema.ts";
import {
  kindSchema,
  movingTagSchema,
  namespaceSchema,
  nameSchema,
  orderSchema,
  releaseTagSchema,
  sourceTagSchema,
} from "./value-schemas.ts";

/**
 * What can be read from a configuration that may have faults: every part that is right by itself,
 * undefined where it is not. So the checks across entries run beside those of the schema, and a
 * user sees all faults at once.
 */
export interface Draft {
  readonly registry: Registry | undefined;
  /** Every name that is there; undefined: its address is wrong. */
  readonly clusters: ReadonlyMap<string, z.output<typeof clusterSchema> | undefined>;
  readonly applications: readonly DraftApplication[];
  /** Of all applications. */
  readonly environments: readonly DraftEnvironment[];
}

export interface DraftApplication {
  readonly name: string;
  readonly path: Path;
  readonly members: readonly DraftMember[];
  readonly source: {
    readonly tag: TagPattern | undefined;
    readonly order: VersionOrder;
    readonly versions: DraftVersions;
  };
  readonly environments: readonly DraftEnvironment[];
}

export interface DraftMember extends Omit<MemberSource, "tag"> {
  readonly path: Path;
  /** undefined: it is wrong. */
  readonly tag: TagPattern | undefined;
  /** It has a tag of its own, and may share its repository. */
  readonly isTagged: boolean;
}

export interface DraftVersions {
  readonly path: Path;
  readonly keys: readonly string[];
  /** Without `ignore`. */
  readonly policy: VersionPolicy;
}

export interface DraftEnvironment {
  readonly name: string;
  readonly application: string;
  readonly path: Path;
  readonly after: string | undefined;
  readonly versions: DraftVersions;
  readonly release: TagPattern | undefined;
  readonly moving: Tag | undefined;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly objects: ObjectSource | undefined;
  /** Of `podSpec.kinds` and `podSpec.secrets`. */
  readonly kinds: readonly string[];
  readonly images: "fields" | "everywhere";
  /** ARNs, each at its place in `observe`. */
  readonly alarms: readonly { readonly arn: string; readonly path: Path }[];
}

export function readDraft(document: unknown): Draft {
  const applications = Object.entries(recordAt(document, "applications")).map(([name, value]) =>
    draftApplication(name, value),
  );
  const clusters = Object.entries(recordAt(document, "clusters")).map(
    ([name, value]) => [name, valid(clusterSchema, value)] as const,
  );
  return {
    registry: draftRegistry(valueAt(document, "registry")),
    clusters: new Map(clusters),
    applications,
    environments: applications.flatMap(({ environments }) => environments),
  };
}

/** What only lacks its quotes is plain enough to go on with. */
function draftRegistry(value: unknown): Draft["registry"] {
  const { account: accountSchema, region: regionSchema } = registrySchema.shape;
  const written = valueAt(value, "account");
  const account = valid(accountSchema, typeof written === "number" ? String(written) : written);
  const region = valid(regionSchema, valueAt(value, "region"));
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}

function draftApplication(name: string, value: unknown): DraftApplication {
  const path = ["applications", name];
  const images = valueAt(value, "images");
  const tag = valid(sourceTagSchema, valueAt(value, "source", "tag"));
  return {
    name,
    path,
    members: (isList(images) ? images : []).flatMap(
      (image, index) => draftMember(image, [...path, "images", index], tag) ?? [],
    ),
    source: {
      tag,
      order: valid(orderSchema, valueAt(value, "source", "order")) ?? "semver",
      versions: draftVersions([...path, "source"], valueAt(value, "source")),
    },
    environments: Object.entries(recordAt(value, "environments")).map(([environment, content]) =>
      draftEnvironment(
        { name: environment, application: name, path: [...path, "environments", environment] },
        content,
      ),
    ),
  };
}

function draftMember(
  image: unknown,
  path: Path,
  sourceTag: TagPattern | undefined,
): DraftMember | undefined {
  const isTagged = isRecord(image);
  const written = isTagged ? image["repository"] : image;
  const repository = valid(repositorySchema, written) ?? meantRepository(written);
  if (repository === undefined) return undefined;
  if (!isTagged) {
    return { name: repository, repository, word: undefined, tag: sourceTag, path, isTagged };
  }
  const tag = valid(sourceTagSchema, image["tag"]);
  const name = valid(nameSchema, image["name"]);
  const member = taggedMember({ repository, tag: tag ?? { prefix: "", suffix: "" }, name });
  return { ...member, tag, path, isTagged };
}

function draftEnvironment(
  place: Pick<DraftEnvironment, "name" | "application" | "path">,
  value: unknown,
): DraftEnvironment {
  return {
    ...place,
    after: valid(nameSchema, valueAt(value, "after")),
    versions: draftVersions(place.path, value),
    release: valid(releaseTagSchema, valueAt(value, "tags", "release")),
    moving: valid(movingTagSchema, valueAt(value, "tags", "moving")),
    cluster: valid(nameSchema, valueAt(value, "podSpec", "cluster")),
    namespace: valid(namespaceSchema(), valueAt(value, "podSpec", "namespace")),
    objects: draftSource(valueAt(value, "podSpec")),
    kinds: draftKinds(value),
    images: valid(imagesSchema, valueAt(value, "podSpec", "images")) ?? "fields",
    alarms: listAt(value, "observe", "alarms").flatMap((alarm, index) => {
      const arn = valid(alarmArnSchema, alarm);
      return arn === undefined ? [] : [{ arn, path: [...place.path, "observe", "alarms", index] }];
    }),
  };
}

function draftSource(podSpec: unknown): ObjectSource | undefined {
  return sourceIn({
    files: valid(sourceKeys.files, valueAt(podSpec, "files")),
    render: valid(sourceKeys.render, valueAt(podSpec, "render")),
    artifact: valid(sourceKeys.artifact, valueAt(podSpec, "artifact")),
  });
}

function draftKinds(value: unknown): DraftEnvironment["kinds"] {
  const named = listAt(value, "podSpec", "kinds").flatMap((kind) => valid(kindSchema, kind) ?? []);
  return allowedKinds({
    kinds: named,
    secrets: valueAt(value, "podSpec", "secrets") === "allow" ? "allow" : "refuse",
  });
}

function draftVersions(path: Path, value: unknown): DraftVersions {
  const { prereleases, only } = versionsSchema.shape;
  return {
    path: [...path, "versions"],
    keys: Object.keys(recordAt(value, "versions")),
    policy: {
      prereleases: valid(prereleases, valueAt(value, "versions", "prereleases")),
      only: valid(only, valueAt(value, "versions", "only")),
      ignore: [],
    },
  };
}

/**
 * One that is written with its registry or a tag is reported once, and not again by what depends on
 * it.
 */
function meantRepository(image: unknown): RepositoryName | undefined {
  return valid(repositorySchema, typeof image === "string" ? repositoryIn(image) : undefined);
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const read = schema.safeParse(value);
  return read.success ? read.data : undefined;
}
