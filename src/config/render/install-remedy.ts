/** Where the usual programs come from. */
const origins: Readonly<Record<string, string>> = {
  kustomize: "https://kubectl.docs.kubernetes.io/installation/kustomize/",
  kubectl: "https://kubernetes.io/docs/tasks/tools/",
  helm: "https://helm.sh/docs/intro/install/",
  jsonnet: "https://github.com/google/go-jsonnet",
  cdk8s: "https://cdk8s.io/docs/latest/get-started/",
};

/** For a program that was not found; one with a slash in its name is a file of the project. */
export function installRemedy(program: string, folder: string): string {
  if (program.includes("/")) {
    return (
      `create ${program} in ${folder}, or correct the path; ` +
      "if it is there, its first line names a program that is not"
    );
  }
  const origin = Object.hasOwn(origins, program) ? ` (${origins[program]})` : "";
  return `install ${program}${origin} wherever promoter.yml is checked and packaged, or correct the command`;
}
