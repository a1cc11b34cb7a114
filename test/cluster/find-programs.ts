import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  /**
   * Its controllers make ReplicaSets and pods of Deployments; without it objects are stored and
   * nothing follows.
   */
  readonly controllers: string | undefined;
  readonly kubectl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * In the folder that KUBEBUILDER_ASSETS names, as tests of Kubernetes controllers have it; else on
 * the PATH.
 */
export function findPrograms(environment: Environment): Programs {
  return {
    etcd: required("etcd", environment),
    apiServer: required("kube-apiserver", environment),
    controllers: found("kube-controller-manager", environment),
    kubectl: found("kubectl", environment),
  };
}

function required(name: string, environment: Environment): string {
  const path = found(name, environment);
  if (path !== undefined) return path;
  throw new Error(
    `${name} is neither in KUBEBUILDER_ASSETS nor on the PATH; KUBEBUILDER_ASSETS=$(.ci/build-control-plane) builds it where Go is installed`,
  );
}

function found(
  name: string,
  { KUBEBUILDER_ASSETS: assets, PATH: path = "" }: Environment,
): string | undefined {
  const folders = assets ? [assets] : path.split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
