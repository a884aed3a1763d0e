import {
  DataTerraformRemoteState,
  type DataTerraformRemoteStateRemoteConfig,
  LocalBackend,
  S3Backend,
  TerraformBackend,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";
import { defined } from "../../modules/private/defined";
import type { BackendConfiguration } from "../config/schema";

/**
 * Adds the Terraform backend of a stack. Each stack has a state of its own.
 *
 * @param projectDirectory - the path from the stack's directory to the project's
 */
export function addBackend(
  stack: TerraformStack,
  backend: BackendConfiguration | undefined,
  projectDirectory: string,
): void {
  const name = stack.node.id;
  if (backend?.s3) {
    const { bucket, keyPrefix = "", kmsKeyId, region, useLockfile = true } = backend.s3;
    const key = `${keyPrefix}${name}/terraform.tfstate`;
    const state = new S3Backend(stack, defined({ bucket, encrypt: true, key, kmsKeyId, region }));
    // The props of the framework's class do not have this newer argument.
    state.addOverride("use_lockfile", useLockfile);
  } else if (backend?.cloud) {
    const { hostname, organization, workspaces } = backend.cloud;
    const workspace = { name: `${workspaces?.prefix ?? ""}${name}`, project: workspaces?.project };
    new HcpTerraform(stack, defined({ hostname, organization, workspaces: workspace }));
  } else {
    // The framework's default is the same file by its absolute path, which differs on each machine.
    new LocalBackend(stack, { path: `${projectDirectory}/terraform.${name}.tfstate` });
  }
}

/**
 * The `cloud` block of HCP Terraform. The class of the framework is not used: it runs terraform to read the version of terraform,
 * and synthesis must not need terraform.
 */
class HcpTerraform extends TerraformBackend {
  public constructor(
    stack: TerraformStack,
    private readonly cloud: DataTerraformRemoteStateRemoteConfig,
  ) {
    super(stack, "backend", "cloud");
  }

  public override toTerraform(): object {
    return { terraform: { cloud: this.cloud } };
  }

  public override getRemoteStateDataSource(scope: Construct, name: string): TerraformRemoteState {
    return new DataTerraformRemoteState(scope, name, this.cloud);
  }
}
