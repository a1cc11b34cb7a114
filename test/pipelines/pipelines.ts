import { readFileSync } from "node:fs";
import type { PipelineJob } from "./pipeline-job.ts";
import { readCircleCi } from "./read-circleci.ts";
import { readGitHub } from "./read-github.ts";
import { readGitLab } from "./read-gitlab.ts";
import { readJenkins } from "./read-jenkins.ts";

export const examples = new URL("../../examples/pipelines/", import.meta.url).pathname;
export const commit = "3f1c9a7be0d24c5f8a6b7c8d9e0f1a2b3c4d5e6f";
export const source = "https://git.example.com/shop/orderbook";

export interface Pipeline {
  readonly file: string;
  readonly jobs: readonly PipelineJob[];
  /**
   * What that system itself sets for a build of the tag 1.4.2, and nothing else; `project` is where
   * it checked out.
   */
  readonly given: (project: string) => Readonly<Record<string, string>>;
}

const role = { AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/orderbook-pipeline" };
const read = (file: string): string => readFileSync(`${examples}${file}`, "utf8");

export const pipelines: readonly Pipeline[] = [
  {
    file: "gitlab-ci.yml",
    jobs: readGitLab(read("gitlab-ci.yml")),
    // docs.gitlab.com, "Predefined CI/CD variables"; the ID token by its name in id_tokens, the role by the project's settings.
    given: (project) => ({
      ...role,
      CI_PROJECT_DIR: project,
      CI_COMMIT_TAG: "1.4.2",
      CI_COMMIT_SHA: commit,
      CI_PROJECT_URL: source,
      AWS_ID_TOKEN: "a-token",
    }),
  },
  {
    file: "circleci.yml",
    jobs: readCircleCi(read("circleci.yml")),
    // circleci.com/docs, "Project values and variables" and "Using OpenID Connect tokens in jobs"; the role by the context.
    given: () => ({
      ...role,
      CIRCLE_TAG: "1.4.2",
      CIRCLE_SHA1: commit,
      CIRCLE_REPOSITORY_URL: source,
      CIRCLE_OIDC_TOKEN_V2: "a-token",
    }),
  },
  {
    file: "github-actions.yml",
    jobs: readGitHub(read("github-actions.yml")),
    // docs.github.com, "Variables reference"; the keys by aws-actions/configure-aws-credentials, "Outputs and environment variables".
    given: () => ({
      GITHUB_REF_NAME: "1.4.2",
      GITHUB_SHA: commit,
      GITHUB_SERVER_URL: "https://git.example.com",
      GITHUB_REPOSITORY: "shop/orderbook",
      AWS_ACCESS_KEY_ID: "a-key",
      AWS_SECRET_ACCESS_KEY: "a-secret",
      AWS_SESSION_TOKEN: "a-token",
    }),
  },
  {
    file: "Jenkinsfile",
    jobs: readJenkins(read("Jenkinsfile")),
    // jenkins.io, "Global variables" and the git plugin's; the credentials as the EKS Pod Identity agent hands them to a pod.
    given: (project) => ({
      WORKSPACE: project,
      TAG_NAME: "1.4.2",
      GIT_COMMIT: commit,
      GIT_URL: source,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/dev/null",
    }),
  },
];
