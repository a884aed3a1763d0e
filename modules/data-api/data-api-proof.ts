import { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { arnPartExpression } from "../private/aws-environment";
import { check, checkKnownList, checkObject, checkRequired } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, type PropRules, propRules, required, text } from "../private/prop-rules";
import { DATABASE_NAME, EXTERNAL_ID, ROLE_ARN, SESSION_NAME } from "../private/rules";
import { checkDeployedBefore, dependables, replaceTriggers } from "../private/stack-boundary";
import { type ICluster, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";
import { ACCESS, type DataApiAccess } from "./data-api-access";
import {
  checkDatabaseCredentials,
  connection,
  DATABASE_USER_PROPS,
  type DatabaseUserProps,
} from "./database-credentials";

/** A role that is assumed for a proof. */
export interface AssumedRole {
  /** The role's ARN. */
  readonly roleArn: string;
  /**
   * The external ID that the role's trust policy requires: 2 to 1224 characters.
   *
   * @default - none
   */
  readonly externalId?: string | undefined;
  /**
   * The name of the session: 2 to 64 characters.
   *
   * @default "data-api-proof"
   */
  readonly sessionName?: string | undefined;
}

/** The warehouse of a proof, and the credentials of its statement. */
export interface DataApiProofOptions extends DatabaseUserProps {
  /** The warehouse that the statement runs on. */
  readonly warehouse: IWarehouse;
  /**
   * The access of the role that runs the statement. The statement waits for the access.
   *
   * @default - none: the role has its access
   */
  readonly access?: DataApiAccess | undefined;
  /**
   * The roles to assume one after the other. The last one runs the statement as its own IAM identity: it must be a user of the
   * key. An administrator of the key can create any grant, so an administrator proves nothing.
   *
   * @default - none: the caller of the AWS CLI runs the statement
   */
  readonly assumedRoles?: readonly AssumedRole[] | undefined;
  /**
   * The database that the statement runs in.
   *
   * @default - the warehouse's first database
   */
  readonly database?: string | undefined;
}

/** @internal */
export const DATA_API_PROOF_PROPS = propRules("DataApiProofOptions", {
  warehouse: required(code(WAREHOUSE)),
  access: code(ACCESS),
  assumedRoles: code(),
  database: text(DATABASE_NAME),
  ...DATABASE_USER_PROPS,
} satisfies PropRules<DataApiProofOptions>);

/** The props of a proof. Only a cluster can have a database user. */
export type DataApiProofProps =
  PropsFor<ICluster, DataApiProofOptions> | PropsFor<IWarehouse, DataApiProofOptions, "databaseUser">;

const SQL = "select 1";
/** The default session name of the role that runs the statement, and the name of the statement. */
export const PROOF_SESSION = "data-api-proof";

/**
 * A shell script: assumes each role of $ROLES in turn, runs $STATEMENT and waits until it has finished. Both variables have input
 * of the AWS CLI in JSON.
 */
const SCRIPT = `set -euf
# A new role, policy or trust takes seconds until it has an effect.
retry() {
  for seconds in 5 10 15 0; do
    "$@" && return
    sleep $seconds
  done
  return 1
}
for role in $ROLES; do
  credentials=$(retry aws sts assume-role --cli-input-json "$role" --output text \\
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]')
  set -- $credentials
  export AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3
  unset AWS_PROFILE
done
id=$(retry aws redshift-data execute-statement --cli-input-json "$STATEMENT" --query Id --output text)
for second in $(seq 300); do
  case $(aws redshift-data describe-statement --id "$id" --query Status --output text) in
    FINISHED) exit ;;
    ABORTED | FAILED) break ;;
  esac
  sleep 1
done
aws redshift-data describe-statement --id "$id" --query '[Status, Error]' --output text >&2
exit 1
`;

/**
 * A proof at deployment: `select 1` through the Data API, which fails if Redshift cannot create its grant on the key. The
 * deployment then fails, instead of the first user's statement. The proof runs when it is created, when the warehouse is replaced
 * and when the key policy changes. While there is a grant of the Data API, Redshift needs no other, so a later key policy is proved
 * only after that grant is revoked.
 *
 * The AWS CLI runs the statement, in a shell on the machine that runs `terraform apply`. No plan reads the result: a proof never
 * fails or changes a later plan.
 *
 * @example
 * new DataApiProof(stack, "Proof", { warehouse });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiProof extends Construct {
  /** The resource whose creation runs the statement. */
  public readonly resource: TerraformResource;

  /** @throws if a prop breaks its rule, or two ways to get credentials are given */
  public constructor(scope: Construct, id: string, props: DataApiProofProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      DATA_API_PROOF_PROPS,
      (props) => checkDatabaseCredentials(this, props),
      ({ access }) => checkDeployedBefore(this, "access", undefined, access?.resource),
      // The proof is replaced if the policy of the key changes.
      ({ warehouse }) => checkDeployedBefore(this, "warehouse", warehouse.key.keyArn),
      ({ assumedRoles }) => {
        checkKnownList(this, "assumedRoles", assumedRoles);
        assumedRoles?.forEach((role, index) => this.checkAssumedRole(role, index));
      },
    );
    const { access, assumedRoles = [], warehouse } = props;
    const identity =
      warehouse.kind === "cluster"
        ? ([warehouse.resource, "cluster_namespace_arn"] as const)
        : ([warehouse.namespace, "namespace_id"] as const);
    const database = props.database ?? warehouse.databaseName;
    const statement = { ...connection(warehouse, database, props), Sql: SQL, StatementName: PROOF_SESSION };
    // The framework's class for terraform_data runs terraform to read its version, and synthesis must not need terraform.
    this.resource = new TerraformResource(
      this,
      "Run",
      defined({
        dependsOn: dependables(this, [{ dependable: access?.resource }]),
        lifecycle: defined({
          replaceTriggeredBy: replaceTriggers(this, identity, [warehouse.key.resource, "policy"]),
        }),
        provisioners: [
          {
            command: SCRIPT,
            environment: {
              AWS_REGION: arnPartExpression(warehouse.warehouseArn, 3),
              // The JSON has no white space, because white space separates the roles in the script.
              ROLES: assumedRoles.map(assumeRoleInput).join(" "),
              STATEMENT: JSON.stringify(statement),
            },
            interpreter: ["/bin/sh", "-c"],
            type: "local-exec",
          },
        ],
        terraformResourceType: "terraform_data",
      }),
    );
  }

  private checkAssumedRole(role: AssumedRole, index: number): void {
    const prop = `assumedRoles[${index}]`;
    checkObject(this, prop, role, "be an object with a 'roleArn'");
    const { externalId, roleArn, sessionName } = role;
    checkRequired(this, `${prop}.roleArn`, roleArn, ROLE_ARN);
    checkDeployedBefore(this, `${prop}.roleArn`, roleArn);
    check(this, `${prop}.externalId`, externalId, EXTERNAL_ID);
    check(this, `${prop}.sessionName`, sessionName, SESSION_NAME);
  }
}

/** Returns the input of AssumeRole for the AWS CLI, as JSON. */
function assumeRoleInput({ externalId, roleArn, sessionName = PROOF_SESSION }: AssumedRole): string {
  return JSON.stringify({ ExternalId: externalId, RoleArn: roleArn, RoleSessionName: sessionName });
}
