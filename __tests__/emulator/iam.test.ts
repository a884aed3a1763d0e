import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { Caller, deployLane, EVERYTHING, makeRole } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";
import { failure } from "./request";

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

function trust(...principals: readonly string[]): string {
  const statement = { Action: "sts:AssumeRole", Effect: "Allow", Principal: { AWS: principals } };
  return JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
}

/** A policy of a number of characters. White space is not counted. */
function policyOf(characters: number): string {
  const policyFor = (Resource: string) =>
    JSON.stringify({ Statement: [{ Action: "s3:*", Effect: "Allow", Resource }], Version: "2012-10-17" });
  return policyFor("arn:aws:s3:::".padEnd(characters - policyFor("").length, "a")).replaceAll(",", ",\n    ");
}

deployLane("in the emulator, IAM", () => {
  const { iam } = new Caller("ExampleAdminRole");
  const identityCenter = new Caller("sso.amazonaws.com").iam;
  beforeAll(async () => {
    await makeRole("ExampleAdminRole", EVERYTHING);
  });

  describe("for roles that only AWS changes", () => {
    const sso = { Path: "/aws-reserved/sso.amazonaws.com/", RoleName: "AWSReservedSSO_Analyst_0123456789abcdef" };
    let linked: string;
    beforeAll(async () => {
      await identityCenter.send(new CreateRoleCommand({ ...sso, AssumeRolePolicyDocument: trust(ROOT) }));
      const { Role } = await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "redshift.amazonaws.com" }));
      linked = Role!.RoleName!;
    });

    const changes: readonly (readonly [string, (RoleName: string) => Promise<unknown>])[] = [
      ["PutRolePolicy", put],
      ["DeleteRolePolicy", async (RoleName) => iam.send(new DeleteRolePolicyCommand({ PolicyName: "any", RoleName }))],
      [
        "AttachRolePolicy",
        async (RoleName) => iam.send(new AttachRolePolicyCommand({ PolicyArn: READ_ONLY, RoleName })),
      ],
      [
        "DetachRolePolicy",
        async (RoleName) => iam.send(new DetachRolePolicyCommand({ PolicyArn: READ_ONLY, RoleName })),
      ],
      [
        "UpdateAssumeRolePolicy",
        async (RoleName) => iam.send(new UpdateAssumeRolePolicyCommand({ PolicyDocument: trust(ROOT), RoleName })),
      ],
      ["UpdateRole", async (RoleName) => iam.send(new UpdateRoleCommand({ MaxSessionDuration: 3600, RoleName }))],
      [
        "PutRolePermissionsBoundary",
        async (RoleName) =>
          iam.send(new PutRolePermissionsBoundaryCommand({ PermissionsBoundary: READ_ONLY, RoleName })),
      ],
      [
        "DeleteRolePermissionsBoundary",
        async (RoleName) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
      ],
      ["DeleteRole", async (RoleName) => iam.send(new DeleteRoleCommand({ RoleName }))],
    ];
    test.each(changes)("refuses %s", async (_, change) => {
      for (const role of [sso.RoleName, linked]) {
        expect(await failure(change(role))).toBe(
          `UnmodifiableEntityException: Cannot perform the operation on the protected role '${role}' - this role is only ` +
            "modifiable by AWS",
        );
      }
    });

    test("allows the description of a service-linked role, tags on both kinds of roles, and changes by IAM Identity Center", async () => {
      await iam.send(new UpdateRoleCommand({ Description: "of Redshift", RoleName: linked }));
      for (const RoleName of [sso.RoleName, linked]) {
        await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: "team", Value: "data" }] }));
      }
      await put(sso.RoleName, identityCenter);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: sso.RoleName }));
      expect(Role!.Arn).toBe(`arn:aws:iam::${ACCOUNT}:role${sso.Path}${sso.RoleName}`);
    });

    test.each(["/aws-reserved/sso.amazonaws.com/", "/aws-service-role/redshift.amazonaws.com/"])(
      "refuses the path %s to callers other than AWS",
      async (Path) => {
        const role = { AssumeRolePolicyDocument: trust(ROOT), Path, RoleName: "Pretender" };
        expect(await failure(iam.send(new CreateRoleCommand(role)))).toBe(
          `InvalidInputException: The path '${Path}' is reserved for AWS use`,
        );
      },
    );

    async function put(RoleName: string, by = iam): Promise<unknown> {
      return by.send(new PutRolePolicyCommand({ PolicyDocument: policyOf(200), PolicyName: "any", RoleName }));
    }
  });

  describe("limits, without white space,", () => {
    test("the inline policies of a role together to 10,240 characters", async () => {
      await makeRole("Talkative");
      const put = async (PolicyName: string, characters: number) =>
        iam.send(new PutRolePolicyCommand({ PolicyDocument: policyOf(characters), PolicyName, RoleName: "Talkative" }));
      await put("first", 10_000);
      expect(await failure(put("second", 241))).toBe(
        "LimitExceededException: Maximum policy size of 10240 bytes exceeded for role Talkative",
      );
      await put("second", 240);
      await put("first", 10_000);
    });

    test("a trust policy to 2,048 characters", async () => {
      const create = async (RoleName: string, more: number) => {
        const document = trust(...new Array<string>(40).fill(ROOT)).replaceAll(",", ", ");
        const left = 2_048 - document.replaceAll(/\s/g, "").length + more;
        const AssumeRolePolicyDocument = document.replace("2012-10-17", `2012-10-17","Id":"${"a".repeat(left - 8)}`);
        return iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument, RoleName }));
      };
      await create("Trusting", 0);
      const message = "LimitExceededException: Cannot exceed quota for ACLSizePerRole: 2048";
      expect(await failure(create("TooTrusting", 1))).toBe(message);
      const long = { PolicyDocument: trust(...new Array<string>(80).fill(ROOT)), RoleName: "Trusting" };
      expect(await failure(iam.send(new UpdateAssumeRolePolicyCommand(long)))).toBe(message);
    });

    test("a managed policy to 6,144 characters", async () => {
      const create = async (PolicyName: string, characters: number) =>
        iam.send(new CreatePolicyCommand({ PolicyDocument: policyOf(characters), PolicyName }));
      const message = "LimitExceededException: Cannot exceed quota for PolicySize: 6144";
      const { Policy } = await create("Long", 6_144);
      expect(await failure(create("TooLong", 6_145))).toBe(message);
      const version = { PolicyArn: Policy!.Arn, PolicyDocument: policyOf(6_145) };
      expect(await failure(iam.send(new CreatePolicyVersionCommand(version)))).toBe(message);
    });
  });

  describe("for trust policies", () => {
    beforeAll(async () => {
      await iam.send(
        new CreateRoleCommand({ AssumeRolePolicyDocument: trust(ROOT), Path: "/team/", RoleName: "Truster" }),
      );
      await iam.send(new CreateUserCommand({ UserName: "Trusted" }));
    });
    const update = async (...principals: readonly string[]) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ PolicyDocument: trust(...principals), RoleName: "Truster" }));

    test.each([
      `arn:aws:iam::${ACCOUNT}:role/Nobody`,
      `arn:aws:iam::${ACCOUNT}:role/Truster`,
      `arn:aws:iam::${ACCOUNT}:user/Nobody`,
      `arn:aws:sts::${ACCOUNT}:assumed-role/Nobody/session`,
      `arn:aws-us-gov:iam::${ACCOUNT}:root`,
      `arn:aws:iam::${ACCOUNT}:group/Team`,
      "Truster",
    ])("refuses the principal %s, which does not exist", async (principal) => {
      const message = `MalformedPolicyDocumentException: Invalid principal in policy: "AWS":"${principal}"`;
      expect(await failure(update(ROOT, principal))).toBe(message);
      const role = { AssumeRolePolicyDocument: trust(principal), RoleName: "Refused" };
      expect(await failure(iam.send(new CreateRoleCommand(role)))).toBe(message);
    });

    test("accepts existing principals, and any of another account", async () => {
      await update(
        ROOT,
        ACCOUNT,
        `arn:aws:iam::${ACCOUNT}:role/team/Truster`,
        `arn:aws:iam::${ACCOUNT}:user/Trusted`,
        `arn:aws:sts::${ACCOUNT}:assumed-role/Truster/session`,
        "arn:aws:iam::444455556666:role/Unknown",
      );
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: "Truster" }));
      expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain("444455556666");
    });

    test("refuses a policy that is not JSON", async () => {
      const broken = { PolicyDocument: "{", RoleName: "Truster" };
      expect(await failure(iam.send(new UpdateAssumeRolePolicyCommand(broken)))).toBe(
        "MalformedPolicyDocumentException: This policy contains invalid Json",
      );
    });
  });
});
