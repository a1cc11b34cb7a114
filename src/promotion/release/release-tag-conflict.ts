/** What to do where a release tag already names other digests. */
export const releaseTagConflict =
  "a release tag is never moved; give the images a new version, " +
  "or, if that tag is a mistake, delete it in ECR and promote again";
