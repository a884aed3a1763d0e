import { IAMClient } from "@aws-sdk/client-iam";
import { createRole, EVERYTHING, KEY_USE } from "../../emulator/roles";

/** Creates, in the emulator, the administrators that warehouses.yaml names, and a role that uses no warehouse. */
export async function prepareAccount(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: "root", secretAccessKey: "any" };
  const iam = new IAMClient({ credentials, endpoint, region: "us-east-1" });
  await createRole(iam, { RoleName: "ExampleAdminRole", statements: EVERYTHING });
  await createRole(iam, { RoleName: "ExampleBreakGlassRole", statements: EVERYTHING });
  await createRole(iam, { RoleName: "Stranger", statements: KEY_USE });
}
