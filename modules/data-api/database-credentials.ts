import { checkGivenOnlyWith, checkNotBoth, checkPlace, fail, type Where } from "../private/checks";
import { decision, list, type PropRules, text } from "../private/prop-rules";
import { DATABASE_NAME, DATABASE_USER, KEY_ARN, SECRET_ARN } from "../private/rules";
import { type IWarehouse, placeOf } from "../redshift/warehouse";

/** The database user of statements. */
export interface DatabaseUserProps {
  /**
   * The database user that statements run as, by temporary credentials. Clusters only. The user joins the `databaseGroups` of the
   * role.
   *
   * @default - the IAM identity that runs the statements
   */
  readonly databaseUser?: string | undefined;
  /**
   * The secret that holds the database user's name and password, instead of temporary credentials.
   *
   * @default - temporary credentials
   */
  readonly secretArn?: string | undefined;
}

/** The database user of statements, and the limits of its credentials. */
export interface DatabaseCredentialProps extends DatabaseUserProps {
  /**
   * The databases for which the role gets credentials. A serverless workgroup's credentials are not limited by database.
   *
   * @default - the warehouse's first database
   */
  readonly databases?: readonly string[] | undefined;
  /**
   * The customer managed key of the secret, if the role needs an IAM permission for it: the key policy leaves the decision to IAM,
   * or the key is of another account.
   *
   * @default - the secret needs no permission here
   */
  readonly secretKeyArn?: string | undefined;
}

export const DATABASE_USER_PROPS = {
  databaseUser: text(DATABASE_USER),
  secretArn: text(SECRET_ARN),
} satisfies PropRules<DatabaseUserProps>;
export const DATABASE_CREDENTIAL_PROPS = {
  databases: decision(list(DATABASE_NAME, "database")),
  ...DATABASE_USER_PROPS,
  secretKeyArn: text(KEY_ARN),
} satisfies PropRules<DatabaseCredentialProps>;

/** Refuses two kinds of credentials, credentials that the warehouse does not support, and a secret of another Region. */
export function checkDatabaseCredentials(
  where: Where,
  props: DatabaseCredentialProps & { readonly warehouse: IWarehouse },
): void {
  for (const prop of ["databases", "databaseUser"] as const) {
    if (props.warehouse.kind === "serverless" && props[prop] !== undefined) {
      fail(where, prop, "be left out for a serverless warehouse: its credentials are for the workgroup", props[prop]);
    }
  }
  // The Data API reads the secret in its own Region, and the key of a secret is in the Region of the secret.
  const { region } = placeOf(props.warehouse);
  checkPlace(where, "secretArn", props.secretArn, { region });
  checkPlace(where, "secretKeyArn", props.secretKeyArn, { region });
  checkGivenOnlyWith(where, props, "secretKeyArn", "secretArn");
  checkNotBoth(where, props, "databaseUser", "secretArn", "the secret names the user");
  checkNotBoth(where, props, "databases", "secretArn", "IAM does not limit a secret to databases");
}

/**
 * Returns the part of a Data API request that names the warehouse, the database and the database user.
 *
 * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html
 */
export function connection(
  warehouse: IWarehouse,
  database: string,
  { databaseUser, secretArn }: DatabaseUserProps,
): object {
  return {
    ...(warehouse.kind === "cluster"
      ? { ClusterIdentifier: warehouse.clusterIdentifier }
      : { WorkgroupName: warehouse.workgroupName }),
    Database: database,
    DbUser: databaseUser,
    SecretArn: secretArn,
  };
}
