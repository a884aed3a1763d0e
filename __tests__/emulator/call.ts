import { REGION } from "../support/arns";
import { send } from "./request";

const VERSIONS = { ec2: "2016-11-15", iam: "2010-05-08", rds: "2014-10-31", redshift: "2012-12-01", sns: "2010-03-31" };

/** Calls an operation, with a form, as the account root. Returns the code of the error that refuses it, or the body. */
export async function call(
  service: keyof typeof VERSIONS,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  region = REGION,
): Promise<string> {
  const form = { Action: action, ...parameters, Version: VERSIONS[service] };
  const { body } = await send(service, { form }, "root", region);
  return /<Code>(.+?)<\/Code>/.exec(body)?.[1] ?? body;
}

/** The text of the first element of a name. */
export function text(body: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(body)?.[1];
}

/** Creates a cluster that can relocate. Returns the answer. */
export async function createCluster(name: string, more: Readonly<Record<string, string>> = {}, region = REGION) {
  const cluster = {
    AvailabilityZoneRelocation: "true",
    ClusterIdentifier: name,
    ManageMasterPassword: "true",
    MasterUsername: "keeper",
    NodeType: "ra3.large",
    ...more,
  };
  return call("redshift", "CreateCluster", cluster, region);
}

/** Deletes a cluster, without a final snapshot. */
export async function deleteCluster(name: string) {
  return call("redshift", "DeleteCluster", { ClusterIdentifier: name, SkipFinalClusterSnapshot: "true" });
}
