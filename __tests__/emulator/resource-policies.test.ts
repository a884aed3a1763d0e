import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, deleteCluster, text } from "./call";

deployLane("in the emulator, the resource policy of a namespace", () => {
  const POLICY = JSON.stringify({ Statement: [{ Action: "redshift:CreateInboundIntegration", Effect: "Allow" }] });
  const put = async (ResourceArn: string, Policy = POLICY) =>
    call("redshift", "PutResourcePolicy", { Policy, ResourceArn });
  const get = async (ResourceArn: string) => call("redshift", "GetResourcePolicy", { ResourceArn });

  test("refuses a namespace that does not exist", async () => {
    const arn = `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:01234567-89ab-4cde-8f01-23456789abcd`;
    expect(await put(arn)).toBe("ResourceNotFoundFault");
  });

  test("refuses a policy without statements", async () => {
    const arn = text(await createCluster("integrated-badly"), "ClusterNamespaceArn")!;
    expect(await put(arn, "{")).toBe("InvalidPolicyFault");
    expect(await put(arn, "{}")).toBe("InvalidPolicyFault");
  });

  test("can be put, read and deleted", async () => {
    const arn = text(await createCluster("integrated"), "ClusterNamespaceArn")!;
    expect(await get(arn)).toBe("ResourceNotFoundFault");
    await put(arn);
    expect(text(await get(arn), "Policy")?.replaceAll("&quot;", '"')).toBe(POLICY);
    await call("redshift", "DeleteResourcePolicy", { ResourceArn: arn });
    expect(await call("redshift", "DeleteResourcePolicy", { ResourceArn: arn })).toBe("ResourceNotFoundFault");
  });

  test("is deleted with its cluster", async () => {
    const arn = text(await createCluster("integrated-for-a-while"), "ClusterNamespaceArn")!;
    await put(arn);
    await deleteCluster("integrated-for-a-while");
    expect(await get(arn)).toBe("ResourceNotFoundFault");
  });
});
