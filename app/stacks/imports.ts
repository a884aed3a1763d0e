import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import { RedshiftserverlessWorkgroup } from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import { fail } from "../../modules/private/checks";
import { defined } from "../../modules/private/defined";
import { address } from "../../modules/private/expression";
import { closest } from "../../modules/private/nearest";
import type { Path } from "../config/configuration-file";
import type { Problems } from "../config/problems";
import type {
  AdministratorConfiguration,
  ImportConfiguration,
  UserConfiguration,
  WarehouseConfiguration,
} from "../config/schema";
import { isRoleToCreate } from "./roles";

/** The parts of an entry that decide its imports: the imported IDs, and the settings that give arguments of the resources. */
interface ImportingEntry extends Partial<Pick<WarehouseConfiguration, "cluster" | "key" | "serverless">> {
  readonly import?: ImportConfiguration | undefined;
  readonly name: string;
  /** The administrators and users. */
  readonly principals: readonly (AdministratorConfiguration | UserConfiguration)[];
}

/** The settings of an entry for one resource. They have the names of Terraform arguments, in camel case. */
type Settings = Readonly<Record<string, unknown>>;

/** A type of resource that a YAML key of `import` brings under management. */
interface ImportableType<R extends TerraformResource = TerraformResource> {
  readonly type: { readonly prototype: R; readonly tfResourceType: string };
  /**
   * Returns the import ID of a resource, by which the resource to import is found in the stack.
   *
   * @default - the only resource of the type is imported, because AWS has chosen its ID
   */
  readonly idOf?: (resource: R) => string | undefined;
  /**
   * Returns the settings of the entry for a resource. Terraform ignores changes of arguments for which the entry has no setting.
   *
   * @default - the resource gets every argument
   */
  readonly settingsOf?: (entry: ImportingEntry, resource: R) => Settings;
}

/** Checks the types of the two functions against the class of the resource, and then drops these types. */
const importable = <R extends TerraformResource>(type: ImportableType<R>): ImportableType =>
  type as unknown as ImportableType;

const TYPES = {
  alias: importable({ idOf: ({ nameInput }) => nameInput, type: KmsAlias }),
  clusterIdentifier: importable({
    idOf: ({ clusterIdentifierInput }) => clusterIdentifierInput,
    settingsOf: ({ cluster = {} }) => cluster,
    type: RedshiftCluster,
  }),
  keyId: importable({ settingsOf: ({ key }) => (typeof key === "object" ? key : {}), type: KmsKey }),
  logging: importable({ type: RedshiftLogging }),
  namespaceName: importable({
    idOf: ({ namespaceNameInput }) => namespaceNameInput,
    settingsOf: ({ serverless = {} }) => serverless,
    type: RedshiftserverlessNamespace,
  }),
  roleNames: importable({
    idOf: ({ nameInput }) => nameInput,
    settingsOf: ({ principals }, { nameInput }) =>
      principals.filter(isRoleToCreate).find(({ roleName }) => roleName === nameInput) ?? {},
    type: IamRole,
  }),
  rolePolicies: importable({ idOf: ({ nameInput, roleInput }) => `${roleInput}:${nameInput}`, type: IamRolePolicy }),
  workgroupName: importable({
    idOf: ({ workgroupNameInput }) => workgroupNameInput,
    settingsOf: ({ serverless = {} }) => serverless,
    type: RedshiftserverlessWorkgroup,
  }),
} satisfies Readonly<Record<Exclude<keyof ImportConfiguration, "resources">, ImportableType>>;

/**
 * By argument: the settings that give the argument's value. One of them is enough. An argument is absent if its only setting has
 * the argument's name.
 */
const SETTINGS_OF_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  cluster_parameter_group_name: ["clusterParameterGroupName", "parameterGroup", "parameters"],
  cluster_subnet_group_name: ["clusterSubnetGroupName", "subnetIds"],
  config_parameter: ["configParameters"],
  price_performance_target: ["baseCapacity", "pricePerformanceLevel"],
};

/**
 * The arguments whose changes Terraform never ignores after an import, even if the entry does not give the argument. Such an
 * argument exists in Terraform only, is the policy or the encryption, or has another value only in another resource.
 */
const NEVER_IGNORED = [
  "apply_immediately",
  "bypass_policy_lockout_safety_check",
  "cluster_identifier",
  "db_name",
  "deletion_window_in_days",
  "encrypted",
  "final_snapshot_identifier",
  "kms_key_id",
  "name",
  "namespace_name",
  "path",
  "policy",
  "skip_final_snapshot",
  "workgroup_name",
];

/** Members of a resource's configuration that `ignore_changes` must not name, at least in some versions of the provider. */
const NOT_IGNORABLE = ["id", "region", "timeouts"];

/** The Terraform `import` block of a resource. Terraform ignores it once the resource is in the state. */
class Import extends TerraformElement {
  public constructor(
    private readonly resource: TerraformResource,
    private readonly importId: string,
  ) {
    super(resource, "Import");
  }

  /** @see https://developer.hashicorp.com/terraform/language/block/import */
  public override toTerraform(): object {
    return { import: [{ id: this.importId, to: address(this.resource) }] };
  }
}

/**
 * Adds an import block for each resource that the entry imports. For such a resource, Terraform ignores changes of the arguments
 * that the entry does not give.
 */
export function addImports(stack: TerraformStack, entry: ImportingEntry, problems: Problems): void {
  const { logging, resources = {}, ...names } = entry.import ?? {};
  const add = (place: Path, id: string, { idOf, settingsOf, type }: ImportableType): void => {
    problems.at(["import", ...place], () => {
      const resource = resourceWithId(stack, id, type.tfResourceType, idOf);
      importResource(resource, id, settingsOf?.(entry, resource));
    });
  };
  for (const prop of Object.keys(names) as (keyof typeof names)[]) {
    const ids = names[prop] ?? [];
    if (typeof ids === "string") {
      add([prop], ids, TYPES[prop]);
    } else {
      ids.forEach((id, index) => add([prop, index], id, TYPES[prop]));
    }
  }
  if (logging === true) {
    add(["logging"], entry.cluster?.clusterIdentifier ?? entry.name, TYPES.logging);
  }
  for (const [key, id] of Object.entries(resources)) {
    problems.at(["import", "resources", key], () => importResource(resourceAt(stack, key), id));
  }
}

/** Adds the import block of a resource. While the block is there, Terraform refuses to destroy or replace the resource. */
function importResource(resource: TerraformResource, id: string, settings?: Settings): void {
  if (resource.node.tryFindChild("Import")) {
    fail(TerraformStack.of(resource), "", "be imported only once", address(resource));
  }
  new Import(resource, id);
  const ignoreChanges = settings && ignoredChanges(resource, settings);
  resource.lifecycle = { ...resource.lifecycle, ...defined({ ignoreChanges }), preventDestroy: true };
}

function resourcesOf(stack: TerraformStack): readonly TerraformResource[] {
  return stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node));
}

/** Returns the resource of a type that has an import ID. Refuses an ID that no resource of the stack has. */
function resourceWithId(
  stack: TerraformStack,
  id: string,
  type: string,
  idOf: ImportableType["idOf"],
): TerraformResource {
  const candidates = resourcesOf(stack).filter(({ terraformResourceType }) => terraformResourceType === type);
  if (candidates.length === 0) {
    fail(stack, "", `be left out, because the stack has no ${type}`, id);
  }
  const resource = candidates.find((candidate) => idOf === undefined || idOf(candidate) === id);
  if (resource === undefined) {
    const ids = candidates.map((candidate) => idOf!(candidate)).sort();
    fail(stack, "", `be ${ids.join(" or ")}, the name that the rest of the entry gives`, id);
  }
  return resource;
}

function resourceAt(stack: TerraformStack, key: string): TerraformResource {
  const resources = new Map(resourcesOf(stack).map((resource) => [address(resource), resource]));
  const resource = resources.get(key);
  if (resource === undefined) {
    const nearest = closest(key, [...resources.keys()]);
    const must = `have as its key the address of a resource in the stack, as a plan shows it; the nearest is ${nearest}`;
    fail(stack, "", must, key);
  }
  return resource;
}

/**
 * Returns the `ignore_changes` of an imported resource: the `ignore_changes` of the construct, and the arguments for which the
 * entry has no setting.
 */
function ignoredChanges(resource: TerraformResource, settings: Settings): string[] {
  const ignoredByConstruct = (resource.lifecycle?.ignoreChanges ?? []) as readonly string[];
  const absent = argumentsOf(resource).filter(
    (argument) =>
      !NEVER_IGNORED.includes(argument) &&
      !NOT_IGNORABLE.includes(argument) &&
      (SETTINGS_OF_ARGUMENTS[argument] ?? [camelCase(argument)]).every((key) => settings[key] === undefined),
  );
  return [...new Set([...ignoredByConstruct, ...absent])].sort();
}

/** Returns the names of all arguments of a resource, which the framework's class lists. */
function argumentsOf(resource: TerraformResource): readonly string[] {
  return Object.keys((resource as unknown as { synthesizeAttributes(): object }).synthesizeAttributes());
}

function camelCase(argument: string): string {
  return argument.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
