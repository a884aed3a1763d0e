import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { DatabaseRoles } from "../../modules";
import type { Path } from "../config/configuration-file";
import { Problems } from "../config/problems";
import type { WarehouseConfiguration } from "../config/schema";
import { sectionOf } from "../config/warehouse-sections";
import { addAddOns } from "./add-ons";
import { addEnvironment, deployerOf, type SharedProps } from "./environment";
import { addImports } from "./imports";
import { databaseRolesOf } from "./database-roles";
import { checkKeyPolicies } from "./key";
import type { KeyStack } from "./key-stack";
import type { ParameterGroupStack } from "./parameter-group-stack";
import { addProof } from "./proof";
import { Regions } from "./regions";
import { type RolePolicy, rolePoliciesOf } from "./role-policies";
import { Roles } from "./roles";
import { warehouseOf } from "./warehouse";
import { addAccesses } from "./warehouse-access";
import { warehouseKey } from "./warehouse-key";
import { addOutputs } from "./warehouse-outputs";

/** The props whose value defaults to the name of the entry. */
const NAMES = ["clusterIdentifier", "namespaceName", "workgroupName"];

/** The stacks of a shared key and a shared parameter group that a warehouse uses. */
export interface Shared {
  /** @default - the warehouse has its own key */
  readonly key?: KeyStack | undefined;
  /** @default - the cluster has its own parameter group, or the warehouse is serverless */
  readonly parameterGroup?: ParameterGroupStack | undefined;
}

/**
 * The stack of a warehouse: its roles, its key, its cluster or namespace and workgroup, its add-ons, and the access of its users.
 */
export class WarehouseStack extends TerraformStack {
  /** The database roles of the warehouse; undefined if the entry has none. */
  public readonly databaseRoles: DatabaseRoles | undefined;
  /** The inline policies that the stack gives to roles. */
  public readonly rolePolicies: readonly RolePolicy[];

  /** @throws StackError with every value that breaks a rule of a construct */
  public constructor(
    scope: Construct,
    entry: WarehouseConfiguration,
    props: SharedProps,
    { key: keyStack, parameterGroup }: Shared = {},
  ) {
    super(scope, entry.name);
    const problems = new Problems((path) => placeOf(entry, path));
    addEnvironment(this, entry, props, problems);
    const regions = new Regions(this, entry, props);
    const roles = new Roles(this, entry, !keyStack);
    const administrators = roles.administrators(problems, entry.administrators);
    const users = entry.users.flatMap((user, index) => problems.at(["users", index], () => roles.user(user)) ?? []);
    // A shared key gets its deployers from its own entry.
    const deployers = keyStack ? undefined : entry.deployers?.map((deployer) => roles.deployer(deployer));
    problems.throw();
    const key = problems.require(["key"], () =>
      warehouseKey(entry, { administrators, deployers }, { keyStack, regions, roles, stack: this }),
    );
    const dataApiWarehouse = problems.require([sectionOf(entry)], () =>
      warehouseOf(this, entry, key.key, parameterGroup),
    );
    const { warehouse } = dataApiWarehouse;
    const context = { entry, problems, regions, replicas: key.replicas, stack: this, warehouse };
    addAddOns(context);
    const accesses = addAccesses(context, dataApiWarehouse, users);
    checkKeyPolicies(key, problems);
    problems.throw();
    problems.require([], () => addProof(context, accesses, deployerOf(entry.account, props)));
    const principals = [...(entry.administrators ?? []), ...entry.users];
    problems.require([], () => addImports(this, { ...entry, principals }, problems));
    this.databaseRoles = databaseRolesOf(context, accesses);
    addOutputs(context, key, administrators, accesses, this.databaseRoles);
    this.rolePolicies = rolePoliciesOf(context, accesses);
  }
}

/**
 * Returns the path of the value that causes a problem. If a name is absent and defaults to another name, this is the path of the
 * other name.
 */
function placeOf(entry: WarehouseConfiguration, path: Path): Path {
  const [section, prop] = path as readonly string[];
  const { [section!]: settings } = entry as unknown as Record<string, Record<string, unknown> | undefined>;
  if (!NAMES.includes(prop!) || settings?.[prop!] !== undefined) {
    return path;
  }
  return prop === "workgroupName" ? placeOf(entry, [section!, "namespaceName"]) : ["name"];
}
