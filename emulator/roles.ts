import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";

/** The identity policy of a principal that deploys. */
export const EVERYTHING = [{ Action: "*", Effect: "Allow", Resource: "*" }];

/** The identity policy of a role that may do everything with keys, as far as IAM decides. */
export const KEY_USE = [{ Action: "kms:*", Effect: "Allow", Resource: "*" }];

/** A role that a stack expects to exist. */
export interface Role {
  readonly Path?: string;
  readonly RoleName: string;
  /** The statements of its identity policy. */
  readonly statements: readonly object[];
}

/** Creates a role that nobody can assume, unless it exists, and gives it its identity policy. */
export async function createRole(iam: IAMClient, { statements, ...role }: Role): Promise<void> {
  const document = (Statement: readonly object[]) => JSON.stringify({ Statement, Version: "2012-10-17" });
  try {
    await iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: document([]) }));
  } catch (error) {
    if ((error as Error).name !== "EntityAlreadyExistsException") {
      throw error;
    }
  }
  if (statements.length > 0) {
    const policy = { PolicyDocument: document(statements), PolicyName: "emulator", RoleName: role.RoleName };
    await iam.send(new PutRolePolicyCommand(policy));
  }
}
