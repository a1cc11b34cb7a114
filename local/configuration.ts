/** promoter.yml, read and checked by whoever starts the cloud, as far as the cloud follows it. */
export interface Configuration {
  readonly registry: RegistryAddress;
  readonly clusters: Readonly<Record<string, ClusterAddress>>;
  readonly applications: Readonly<Record<string, Application>>;
}

export interface RegistryAddress {
  readonly account: string;
  readonly region: string;
}

export type ClusterAddress =
  | { readonly kind: "eks"; readonly name: string; readonly region: string }
  | { readonly kind: "context"; readonly context: string };

export interface Application {
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly repository: string }[];
  readonly environments: Readonly<Record<string, Environment>>;
}

export interface Environment {
  readonly approval:
    | { readonly channel: string; readonly approvers: readonly string[] }
    | undefined;
  readonly podSpec: { readonly namespace: string } | undefined;
}
