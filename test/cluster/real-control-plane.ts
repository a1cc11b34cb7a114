import { findPrograms } from "./find-programs.ts";
import { context, startControlPlane } from "./start-control-plane.ts";

/**
 * Starts etcd and an API server for the whole run and leaves their address where every Kubernetes
 * client looks for it.
 */
export default async function realControlPlane(): Promise<() => Promise<void>> {
  const plane = await startControlPlane(findPrograms(process.env));
  process.env["KUBECONFIG"] = plane.kubeconfig;
  process.env["PROMOTER_TEST_CONTEXT"] = context;
  return () => plane.close();
}
