import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  type CreateWorkgroupRequest,
  GetWorkgroupCommand,
  UpdateWorkgroupCommand,
  type UpdateWorkgroupRequest,
  type Workgroup,
} from "@aws-sdk/client-redshift-serverless";
import { Caller } from "../deploy/endpoint";

type Settings<T> = Omit<T, "namespaceName" | "workgroupName">;

/** The emulator as an administrator sees it. Jest starts it before the tests, not before this file is read. */
export const administrator = (): Caller => new Caller("ExampleAdminRole");

/** The name and the text of the error that a call is refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    return `not refused: ${JSON.stringify(await call)}`;
  } catch (error) {
    const { message, name } = error as Error;
    return `${name}: ${message}`;
  }
}

/** Creates a namespace and its workgroup, both of a name. */
export async function createWarehouse(
  name: string,
  settings: Settings<CreateWorkgroupRequest> = {},
): Promise<Workgroup> {
  const { serverless } = administrator();
  await serverless.send(new CreateNamespaceCommand({ namespaceName: name }));
  const input = { ...settings, namespaceName: name, workgroupName: name };
  return (await serverless.send(new CreateWorkgroupCommand(input))).workgroup!;
}

export async function updateWorkgroup(name: string, changes: Settings<UpdateWorkgroupRequest>): Promise<Workgroup> {
  const command = new UpdateWorkgroupCommand({ ...changes, workgroupName: name });
  return (await administrator().serverless.send(command)).workgroup!;
}

export async function getWorkgroup(name: string): Promise<Workgroup> {
  return (await administrator().serverless.send(new GetWorkgroupCommand({ workgroupName: name }))).workgroup!;
}
