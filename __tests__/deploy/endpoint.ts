import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { RedshiftClient } from "@aws-sdk/client-redshift";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { RedshiftServerlessClient } from "@aws-sdk/client-redshift-serverless";
import { createRole } from "../../emulator/roles";
import { REGION } from "../support/arns";

export { EVERYTHING, KEY_USE } from "../../emulator/roles";

/** A group of tests of the lane; they are skipped if start.ts found that the lane cannot run here. */
export function deployLane(name: string, tests: () => void): void {
  (process.env.DEPLOY_LANE_SKIPPED ? describe.skip : describe)(name, tests);
}

/** The clients of a caller: the endpoint takes the access key ID for the name of the role. */
export class Caller {
  public readonly data: RedshiftDataClient;
  public readonly iam: IAMClient;
  public readonly kms: KMSClient;
  public readonly redshift: RedshiftClient;
  public readonly serverless: RedshiftServerlessClient;

  public constructor(
    public readonly name: string,
    { endpoint = process.env.AWS_ENDPOINT_URL, region = REGION }: { endpoint?: string; region?: string } = {},
  ) {
    const credentials = { accessKeyId: name, secretAccessKey: "any" };
    const configuration = { credentials, maxAttempts: 1, region, ...(endpoint === undefined ? {} : { endpoint }) };
    this.data = new RedshiftDataClient(configuration);
    this.iam = new IAMClient(configuration);
    this.kms = new KMSClient(configuration);
    this.redshift = new RedshiftClient(configuration);
    this.serverless = new RedshiftServerlessClient(configuration);
  }
}

/** The name of the error that a call is refused with; its answer if it is not. */
export async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return (error as Error).name;
  }
}

/** Makes a role that a stack expects to exist, with an identity policy, unless it exists. */
export async function makeRole(
  RoleName: string,
  statements: readonly object[] = [],
  { iam } = new Caller("root"),
  Path = "/",
): Promise<void> {
  await createRole(iam, { Path, RoleName, statements });
}

/** An action that the emulator checked for a role. */
export interface CheckedAction {
  readonly action: string;
  readonly allowed: boolean;
  readonly resource: string;
}

/** The actions that the emulator checked for a role, each with its resource, in order. */
export async function checkedActions(roleName: string): Promise<readonly CheckedAction[]> {
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL}/_emulator/checked?role=${roleName}`);
  return (await response.json()) as readonly CheckedAction[];
}

/** The answer of a SQL statement. The emulator has no database. */
export interface Answer {
  readonly columns?: readonly { readonly name: string }[];
  /** The error that it fails with. */
  readonly error?: string;
  /** The rows of each page of its result; none if it has no result. */
  readonly pages?: readonly (readonly (readonly object[])[])[];
  /** The seconds that it runs. */
  readonly seconds?: number;
  readonly sql: string;
}

/** Gives the emulator the answers of SQL statements. Each other statement answers one row with the number 1. */
export async function answerStatements(...answers: readonly Answer[]): Promise<void> {
  const url = `${process.env.AWS_ENDPOINT_URL}/_emulator/answers`;
  expect((await fetch(url, { body: JSON.stringify(answers), method: "POST" })).status).toBe(204);
}
