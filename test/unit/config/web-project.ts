/** A promoter.yml whose one environment has its objects in `deploy`. */
export const webProject = `registry: { account: "111122223333", region: eu-west-1 }
clusters: { c: { eks: c, region: eu-west-1 } }
applications:
  app:
    images: [web]
    source: { tag: "dev-{version}" }
    environments: { production: { tags: { release: "prod-{version}" }, podSpec: { cluster: c, namespace: app, files: deploy } } }
`;
