import { ACCOUNT, REGION } from "../support/arns";

/** An answer of the emulator: the HTTP status, and the body as a string. */
export interface Answer {
  readonly body: string;
  readonly status: number;
}

/**
 * Sends a request without the checks of an SDK: in JSON to a target, which is the name of an operation, or as a form.
 *
 * @param caller - the access key ID that signs the request
 */
export async function send(
  service: string,
  content: { readonly target: string; readonly json: unknown } | { readonly form: Readonly<Record<string, string>> },
  caller = "ExampleAdminRole",
  region = REGION,
): Promise<Answer> {
  const isForm = "form" in content;
  const response = await fetch(process.env.AWS_ENDPOINT_URL!, {
    body: isForm ? new URLSearchParams(content.form).toString() : JSON.stringify(content.json),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/${region}/${service}/aws4_request, Signature=none`,
      "content-type": isForm ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1",
      ...(!isForm && { "x-amz-target": content.target }),
    },
    method: "POST",
  });
  return { body: await response.text(), status: response.status };
}

/** Sends a request to S3. Returns its status and body. */
export async function sendToS3(caller: string, method: string, path: string, body?: string): Promise<[number, string]> {
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL!}/${path}`, {
    ...(body !== undefined && { body }),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/${REGION}/s3/aws4_request, Signature=none`,
    },
    method,
  });
  return [response.status, await response.text()];
}

/** The name and the message of the error that a call is refused with. */
export async function failure(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "no error",
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
  );
}

/** The access key ID of a new session of a role. A role that was never created assumes it, and counts as an administrator. */
export async function assume(role: string, RoleSessionName: string): Promise<string> {
  const members = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, RoleSessionName };
  const { body } = await send("sts", { form: { Action: "AssumeRole", Version: "2011-06-15", ...members } }, "Assumer");
  return /<AccessKeyId>(\w+)</.exec(body)![1]!;
}
