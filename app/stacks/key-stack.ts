import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Identity } from "../../modules";
import type { Path } from "../config/configuration-file";
import type { Indexed } from "../config/fleet";
import { Problems } from "../config/problems";
import type { KeyConfiguration, UserConfiguration, WarehouseConfiguration } from "../config/schema";
import { sectionOf } from "../config/warehouse-sections";
import { createQueryRole } from "./add-ons/scheduled-queries";
import { addEnvironment, type SharedProps } from "./environment";
import { addImports } from "./imports";
import { arnsOf, checkKeyPolicies, keyOf, outputKey, outputReplicas, type StackKey } from "./key";
import { keyStatements } from "./key-statements";
import { output } from "./outputs";
import { Regions } from "./regions";
import { isRoleToCreate, Roles } from "./roles";

/**
 * The stack of a key that several warehouses share. It is deployed before the stacks of the warehouses. It also creates the roles
 * that use the key: the key policy names them, and KMS refuses a policy that names a role that does not exist.
 */
export class KeyStack extends TerraformStack {
  public readonly stackKey: StackKey;

  /**
   * @param index - the key's index in the configuration
   * @param sharers - the warehouses under the key
   * @throws StackError with every value that breaks a rule of a construct
   */
  public constructor(
    scope: Construct,
    private readonly index: number,
    public readonly entry: KeyConfiguration,
    sharers: readonly Indexed<WarehouseConfiguration>[],
    props: SharedProps,
  ) {
    super(scope, entry.name);
    const problems = new Problems((path) => this.placeOf(path));
    addEnvironment(this, entry, props, problems);
    const roles = new Roles(this, entry);
    const administrators = roles.administrators(problems, entry.administrators);
    const userEntries = usersOf(sharers);
    const identities = this.addUsers(userEntries, roles, problems);
    const deployers = entry.deployers?.map((deployer) => roles.deployer(deployer));
    const principals = { administrators, deployers, users: identities };
    const regions = new Regions(this, entry, props);
    this.stackKey = problems.require(["key"], () => keyOf(this, entry, principals, regions));
    const warehouses = sharers.map(([, warehouse]) => warehouse);
    for (const [index, warehouse] of sharers) {
      const place = ["warehouses", index, sectionOf(warehouse), "scheduledQueries"];
      const role = problems.at(place, () => createQueryRole(this, warehouse));
      if (role) {
        this.stackKey.key.addUser(role.identity);
        identities.push(role.identity);
      }
    }
    // The statements of all warehouses are added here, so that they stay in the policy even if a run leaves the stacks of
    // warehouses out.
    keyStatements(entry, warehouses).forEach((statement) => this.stackKey.key.addStatement(statement));
    checkKeyPolicies(this.stackKey, problems);
    problems.throw();
    const principalEntries = [...(entry.administrators ?? []), ...userEntries.map(({ user }) => user)];
    problems.require([], () => addImports(this, { ...entry, principals: principalEntries }, problems));
    outputKey(this, this.stackKey, administrators);
    outputReplicas(this, this.stackKey);
    output(this, "user_role_arns", "Who uses the Data API", arnsOf(identities));
  }

  /**
   * Creates the roles of the users of all warehouses, and returns each user once.
   *
   * @throws StackError if a user breaks a rule
   */
  private addUsers(entries: readonly UserOfSharer[], roles: Roles, problems: Problems): Identity[] {
    const users = new Map<string, Identity>();
    // Roles to create come first, because another warehouse may name one of them by its ARN.
    for (const isCreated of [true, false]) {
      for (const { name, path, user } of entries.filter((one) => isRoleToCreate(one.user) === isCreated)) {
        const identity = problems.at(path, () => roles.user(user, name).identity);
        if (identity) {
          users.set(identity.arn, identity);
        }
      }
      problems.throw();
    }
    return [...users.values()];
  }

  /** Maps a path in the key's entry to a path in the configuration. The path of a user already is in the configuration. */
  private placeOf(path: Path): Path {
    return path[0] === "warehouses" ? path : ["keys", this.index, ...path];
  }
}

interface UserOfSharer {
  readonly name: string;
  readonly path: Path;
  readonly user: UserConfiguration;
}

/** Returns the users of all warehouses, with their paths in the configuration. */
function usersOf(sharers: readonly Indexed<WarehouseConfiguration>[]): readonly UserOfSharer[] {
  return sharers.flatMap(([index, { name, users }]) =>
    users.map((user, position) => ({ name, path: ["warehouses", index, "users", position], user })),
  );
}
