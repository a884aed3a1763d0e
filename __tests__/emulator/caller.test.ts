import { deployLane } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";
import { send } from "./request";

deployLane("in the emulator, the caller", () => {
  const identity = { form: { Action: "GetCallerIdentity", Version: "2011-06-15" } };

  test.each([
    ["root", `arn:aws:iam::${ACCOUNT}:root`, undefined],
    ["Analyst", `arn:aws:sts::${ACCOUNT}:assumed-role/Analyst/Analyst`, undefined],
    ["444455556666.Visitor", "arn:aws:sts::444455556666:assumed-role/Visitor/Visitor", undefined],
    ["Analyst", `arn:aws-cn:sts::${ACCOUNT}:assumed-role/Analyst/Analyst`, "cn-north-1"],
  ])("with the access key ID %s is %s", async (keyId, arn, region) => {
    expect((await send("sts", identity, keyId, region)).body).toContain(`<Arn>${arn}</Arn>`);
  });

  test("may omit the signature only for AssumeRoleWithWebIdentity", async () => {
    const answerTo = async (form: Readonly<Record<string, string>>): Promise<string | undefined> => {
      const body = new URLSearchParams({ ...form, Version: "2011-06-15" });
      const response = await fetch(process.env.AWS_ENDPOINT_URL!, { body, method: "POST" });
      return /(?<=<Code>)\w+/.exec(await response.text())?.[0];
    };
    const identified = {
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/Any`,
      RoleSessionName: "any",
      WebIdentityToken: "e30.e30.",
    };
    expect(await answerTo({ Action: "AssumeRoleWithWebIdentity", ...identified })).toBe("InvalidIdentityToken");
    expect(await answerTo(identity.form)).toBe("MissingAuthenticationToken");
  });

  test("gets status 400 for an operation that the emulator lacks", async () => {
    const form = { Action: "DescribeClusterTracks", Version: "2012-12-01" };
    const { body, status } = await send("redshift", { form });
    expect(status).toBe(400);
    expect(body).toContain("The emulator has no redshift DescribeClusterTracks.");
  });
});
