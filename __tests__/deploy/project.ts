import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { synth } from "../../app/cli/synth";
import { inProcess } from "../support/in-process";
import { ROOT } from "../support/paths";
import { REGION } from "../support/arns";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { GO_ENV } from "../../tools/provider";
import type { Ended } from "../terraform/terraform";
import { recordApplied } from "./applied-constructs";
import { recordConstructs } from "./record-constructs";

/** The program of cdktf-cli. */
export const CLI = join(ROOT, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf.js");
const SHIPPED = load(readFileSync(join(ROOT, "warehouses.yaml"), "utf8")) as { warehouses: Warehouse[] };

/** Less than a test's, so that a command that hangs ends before its directory is removed. */
const TIMEOUT = 540_000;

/** One warehouse of the configuration file; each test changes it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as written in YAML
export type Warehouse = Record<string, any>;

/** A warehouse without protection, which leaves no snapshot: what a test destroys when it has ended. */
export function unprotected(warehouse: Warehouse): Warehouse {
  const { cluster, key, serverless } = warehouse as Record<string, object | undefined>;
  const off = { deletionProtection: false };
  return {
    ...warehouse,
    ...(cluster && { cluster: { ...cluster, ...off, skipFinalSnapshot: true } }),
    key: { ...key, ...off },
    ...(serverless && { serverless: { ...serverless, ...off } }),
  };
}

/** The shipped warehouse with a name. The caller may change it. */
export function shipped(name: string): Warehouse {
  return structuredClone(SHIPPED.warehouses.find((warehouse) => warehouse.name === name)!);
}

/** The changes of a plan, as action and type of each resource, and why it fails. */
export interface Planned {
  readonly actions: readonly string[];
  readonly errors: readonly string[];
}

/** A command must have succeeded; its output is shown if it has not. */
export function expectSuccess({ code, stderr, stdout }: Ended): void {
  if (code !== 0) {
    throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  }
}

/** The app, as cdktf-cli runs it. */
const APP = join(ROOT, "main.ts");

/** A directory with the app, or another program, and a configuration of one warehouse, deployed by a caller. */
export class Project {
  public endpoint = process.env.AWS_ENDPOINT_URL;
  /** Whether the configuration has changed since it was synthesized. */
  private isChanged = true;
  private path: string | undefined;

  public constructor(
    private readonly stack: string,
    public caller: string,
    private readonly program = APP,
  ) {}

  /** The directory of the configuration and the state. */
  public get directory(): string {
    if (this.path === undefined) {
      this.path = mkdtempSync(join(tmpdir(), "deploy-"));
      const app = ["node", ...this.nodeArguments].join(" ");
      writeFileSync(join(this.path, "cdktf.json"), JSON.stringify({ app, language: "typescript", projectId: "lane" }));
      mkdirSync(join(this.path, "home"));
    }
    return this.path;
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  /** The arguments of node that run the program. */
  private get nodeArguments(): readonly string[] {
    const required = [join(ROOT, "register.cjs"), join(__dirname, "record-program.ts")];
    return [...required.flatMap((file) => ["--require", file]), this.program];
  }

  /** The directory in which terraform runs. */
  public get stackDirectory(): string {
    return join(this.directory, "cdktf.out", "stacks", this.stack);
  }

  public get env(): NodeJS.ProcessEnv {
    const { LANE_PROVIDER, LANE_PROVIDER_DIRECTORY, LANE_TERRAFORM, PATH, TF_CLI_CONFIG_FILE, TMPDIR } = process.env;
    return {
      AWS_ACCESS_KEY_ID: this.caller,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: REGION,
      AWS_SECRET_ACCESS_KEY: "any",
      CHECKPOINT_DISABLE: "1",
      CI: "true",
      ...GO_ENV,
      HOME: join(this.directory, "home"),
      LANE_PROVIDER,
      LANE_PROVIDER_DIRECTORY,
      LANE_TERRAFORM,
      PATH: [__dirname, dirname(process.execPath), PATH].join(":"),
      ...(TF_CLI_CONFIG_FILE && { TF_CLI_CONFIG_FILE }),
      ...(TMPDIR && { TMPDIR }),
    };
  }

  /** Writes the configuration of warehouses, and what else is in it. */
  public configure(warehouses: Warehouse | readonly Warehouse[], more: object = {}): void {
    const configuration = { awsProviderVersion: TESTED_VERSIONS, ...more, warehouses: [warehouses].flat() };
    writeFileSync(join(this.directory, "warehouses.yaml"), JSON.stringify(configuration, undefined, 2));
    this.isChanged = true;
  }

  /** Runs a command of cdktf-cli, which asks no question, and requests no checksums from a registry. */
  public async cdktf(command: "deploy" | "destroy", ...stacks: readonly string[]): Promise<Ended> {
    const names = stacks.length > 0 ? stacks : [this.stack];
    const options = ["--auto-approve", "--skip-provider-lock"];
    const ended = await this.run(this.directory, process.execPath, CLI, command, ...names, ...options);
    if (command === "deploy" && ended.code === 0) {
      recordApplied(this.directory, names);
    }
    return ended;
  }

  /** Synthesizes the configuration. The app runs in the process of the test, which takes a fraction of a child process. */
  public async synth(): Promise<void> {
    if (this.program === APP) {
      await this.synthesizeInProcess();
    } else {
      expectSuccess(await this.run(this.directory, process.execPath, ...this.nodeArguments));
    }
    this.isChanged = false;
  }

  private async synthesizeInProcess(): Promise<void> {
    const write = recordConstructs();
    try {
      const { status, ...printed } = await inProcess(synth, this.directory, {}, []);
      expectSuccess({ code: status ?? 1, ...printed });
    } finally {
      write(this.directory);
    }
  }

  /** Synthesizes the configuration, and plans it. */
  public async plan(...options: readonly string[]): Promise<Planned> {
    await this.prepare();
    return plannedOf(await this.terraform("plan", "-json", "-input=false", ...options));
  }

  /** Nothing is left to do: no resource and no output would change. */
  public async expectNoChanges(): Promise<void> {
    await this.prepare();
    const ended = await this.terraform("plan", "-json", "-input=false", "-detailed-exitcode");
    expect({ code: ended.code, ...plannedOf(ended) }).toStrictEqual({ actions: [], code: 0, errors: [] });
  }

  /** Synthesizes the configuration, plans it and applies the plan. */
  public async apply(): Promise<Planned> {
    await this.prepare();
    const planned = plannedOf(await this.terraform("apply", "-json", "-input=false", "-auto-approve"));
    if (planned.errors.length === 0) {
      recordApplied(this.directory, [this.stack]);
    }
    return planned;
  }

  /** Deploys the stack with terraform itself, which takes a fraction of the time of cdktf-cli. */
  public async deploy(): Promise<void> {
    expect((await this.apply()).errors).toStrictEqual([]);
  }

  /** Destroys the stack with terraform itself. */
  public async destroy(): Promise<void> {
    await this.prepare();
    const ended = await this.terraform("destroy", "-json", "-input=false", "-auto-approve");
    expect(plannedOf(ended).errors).toStrictEqual([]);
  }

  /** Synthesizes the configuration if it has changed, and initializes the stack's directory once. */
  private async prepare(): Promise<void> {
    if (this.isChanged) {
      await this.synth();
    }
    if (!existsSync(join(this.stackDirectory, ".terraform"))) {
      expectSuccess(await this.terraform("init", "-input=false"));
    }
  }

  public async terraform(...args: readonly string[]): Promise<Ended> {
    return this.run(this.stackDirectory, "terraform", ...args);
  }

  /** The stack's outputs. */
  public async outputs(): Promise<Record<string, unknown>> {
    const ended = await this.terraform("output", "-json");
    expectSuccess(ended);
    const outputs = JSON.parse(ended.stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  public async run(cwd: string, command: string, ...args: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const options = { cwd, env: this.env, maxBuffer: 64 * 1024 * 1024, timeout: TIMEOUT };
      execFile(command, args, options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stderr, stdout });
      });
    });
  }
}

/** The content of the lines of `terraform plan -json`, or of apply. */
function plannedOf({ stdout }: Ended): Planned {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Event);
  const actions = events.flatMap(({ change, type }) =>
    type === "planned_change" ? [`${change!.action} ${change!.resource.resource_type}`] : [],
  );
  const errors = events.flatMap(({ diagnostic }) =>
    diagnostic?.severity === "error" ? [`${diagnostic.summary}: ${diagnostic.detail}`] : [],
  );
  return { actions: actions.sort(), errors };
}

/** One of the lines. */
interface Event {
  readonly change?: { readonly action: string; readonly resource: { readonly resource_type: string } };
  readonly diagnostic?: { readonly detail: string; readonly severity: string; readonly summary: string };
  readonly type: string;
}
