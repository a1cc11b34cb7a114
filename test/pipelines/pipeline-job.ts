/** What a pipeline does, whatever it is written in. */
export interface PipelineJob {
  readonly name: string;
  /** Jobs that must have passed before this one begins. */
  readonly needs: readonly string[];
  /** What the pipeline itself sets; values may name other variables, as in a shell. */
  readonly environment: Readonly<Record<string, string>>;
  /** The shell script of each step, in order. */
  readonly scripts: readonly string[];
  /** One run for each of these; [] means one run. */
  readonly members: readonly string[];
  /** The container images it names. */
  readonly images: readonly string[];
}
