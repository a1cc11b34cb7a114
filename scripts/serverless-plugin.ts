import { extname } from "node:path";
import { formatFaults } from "../src/config/format-faults.ts";
import { loadConfiguration, type Project } from "../src/config/load-configuration.ts";
import { deriveStack } from "./stack/derive-stack.ts";
import { packageFunctions } from "./stack/package-functions.ts";
import type { Resource } from "./stack/service.ts";
import { targetFault } from "./stack/target-fault.ts";

/** What this plugin reads and writes of the framework's own objects. */
interface FunctionInService {
  handler: string;
  name?: string;
  role?: string;
  environment?: Record<string, unknown>;
  package?: { patterns: string[] };
}

interface Serverless {
  readonly serviceDir: string;
  readonly service: {
    readonly service: string;
    readonly functions: Record<string, FunctionInService>;
    resources: { Resources: Record<string, Resource> };
  };
  getProvider(name: "aws"): {
    getStage(): string;
    getRegion(): string;
    getAccountId(): Promise<string>;
  };
}

const outdir = ".build";

/** Fills in what follows from promoter.yml and from the code, and makes one bundle of each function. */
export default class PromoterPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.hooks = {
      initialize: () => this.#derive(),
      "before:package:createDeploymentArtifacts": () => this.#bundle(),
      "before:aws:deploy:deploy:createStack": () => this.#checkTarget(),
    };
  }

  /** Before any command, so that `logs` and `invoke` know the names of the functions too. */
  async #derive(): Promise<void> {
    const { service } = this.#serverless;
    const { configuration } = await this.#project("left out");
    const { functions, resources } = deriveStack(
      {
        name: service.service,
        stage: this.#serverless.getProvider("aws").getStage(),
        functions: service.functions,
        resources: service.resources.Resources,
      },
      configuration,
    );
    service.resources.Resources = { ...resources };
    for (const [key, { name, role, environment }] of Object.entries(functions)) {
      const definition = service.functions[key];
      if (definition) {
        Object.assign(definition, {
          name,
          role,
          environment: { ...definition.environment, ...environment },
        });
      }
    }
  }

  async #bundle(): Promise<void> {
    const functions = Object.entries(this.#serverless.service.functions);
    await packageFunctions({
      root: this.#serverless.serviceDir,
      outdir,
      project: await this.#project("run"),
      functions: functions.map(([key, { handler }]) => ({ key, handler })),
    });
    for (const [key, definition] of functions) {
      const folder = `${outdir}/${key}`;
      definition.handler = `${folder}/index${extname(definition.handler)}`;
      definition.environment = {
        ...definition.environment,
        PROMOTER_CONFIGURATION: `${folder}/promoter.json`,
      };
      definition.package = { patterns: ["!**", `${folder}/**`] };
    }
  }

  /** Objects are rendered once, for the bundles, and not for `logs` or `invoke`. */
  async #project(commands: "run" | "left out"): Promise<Project> {
    const loaded = await loadConfiguration({
      root: this.#serverless.serviceDir,
      config: "promoter.yml",
      commands,
    });
    if (loaded.kind === "ok") return loaded;
    throw new Error(`promoter.yml cannot be packaged:\n\n${formatFaults(loaded.faults)}`);
  }

  /**
   * In another account or Region than the registry's the stack would never be woken, and a
   * kubeconfig does not exist there at all.
   */
  async #checkTarget(): Promise<void> {
    const { configuration } = await this.#project("left out");
    const aws = this.#serverless.getProvider("aws");
    const fault = targetFault(
      { account: await aws.getAccountId(), region: aws.getRegion() },
      configuration,
    );
    if (fault !== undefined) throw new Error(fault);
  }
}
