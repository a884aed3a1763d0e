import { send } from "../emulator/request";

/** Sends a request to EC2 as the account root. Returns the first element of a name in the answer, if a name is given. */
export async function ec2(action: string, parameters: Readonly<Record<string, string>>, element = ""): Promise<string> {
  const { body, status } = await send(
    "ec2",
    { form: { Action: action, ...parameters, Version: "2016-11-15" } },
    "root",
  );
  if (status !== 200) {
    throw new Error(`${action} must succeed, got: ${body}`);
  }
  return new RegExp(`<${element}>(.+?)</${element}>`).exec(body)?.[1] ?? "";
}
