import { deployLane } from "../deploy/endpoint";
import { call, createCluster, deleteCluster, text } from "./call";

const ACCOUNT = "444455556666";

deployLane("in the emulator, the authorization of an account to create endpoints of a cluster", () => {
  const parametersOf = (name: string, vpcIds: readonly string[] = []) => ({
    Account: ACCOUNT,
    ClusterIdentifier: name,
    ...Object.fromEntries(vpcIds.map((id, index) => [`VpcIds.VpcIdentifier.${index + 1}`, id])),
  });
  const authorize = async (name: string, ...vpcIds: string[]) =>
    call("redshift", "AuthorizeEndpointAccess", parametersOf(name, vpcIds));
  const revoke = async (name: string, ...vpcIds: string[]) =>
    call("redshift", "RevokeEndpointAccess", parametersOf(name, vpcIds));
  const describe = async (name: string) => call("redshift", "DescribeEndpointAuthorization", parametersOf(name));
  const vpcsOf = (body: string) => [...body.matchAll(/<VpcIdentifier>([^<]+)/g)].map(([, id]) => id);

  test("is for all VPCs if it names no VPC, and cannot be repeated", async () => {
    await createCluster("authorizing-all");
    const body = await authorize("authorizing-all");
    expect([text(body, "AllowedAllVPCs"), text(body, "Grantee")]).toStrictEqual(["true", ACCOUNT]);
    expect(await authorize("authorizing-all")).toBe("EndpointAuthorizationAlreadyExists");
  });

  test("gains and loses VPCs", async () => {
    await createCluster("authorizing-some");
    await authorize("authorizing-some", "vpc-1");
    await authorize("authorizing-some", "vpc-2");
    expect(vpcsOf(await describe("authorizing-some"))).toStrictEqual(["vpc-1", "vpc-2"]);
    await revoke("authorizing-some", "vpc-1");
    expect(vpcsOf(await describe("authorizing-some"))).toStrictEqual(["vpc-2"]);
    expect(await revoke("authorizing-some", "vpc-1")).toBe("EndpointAuthorizationNotFound");
  });

  test("can be revoked, and is deleted with its cluster", async () => {
    await createCluster("authorizing-awhile");
    await authorize("authorizing-awhile");
    await revoke("authorizing-awhile");
    expect(await revoke("authorizing-awhile")).toBe("EndpointAuthorizationNotFound");
    await authorize("authorizing-awhile");
    await deleteCluster("authorizing-awhile");
    expect(await revoke("authorizing-awhile")).toBe("ClusterNotFound");
    await createCluster("authorizing-awhile");
    expect(await revoke("authorizing-awhile")).toBe("EndpointAuthorizationNotFound");
  });

  test("refuses a cluster that does not exist", async () => {
    expect(await authorize("no-cluster")).toBe("ClusterNotFound");
  });
});
