import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DeleteRoleCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { GetNamespaceCommand, GetWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import type { VerifiedRecord } from "../../tools/verify-aws/record";
import { ROOT } from "../support/paths";
import { ACCOUNT, REGION } from "../support/arns";
import { GO_ENV } from "../../tools/provider";
import type { Ended } from "../terraform/terraform";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";

/** The emulator is consistent at once. */
const NO_WAIT = ["--wait-for-kms", "0", "--wait-for-cloudtrail", "0"];

deployLane("verify:aws", () => {
  const admin = new Caller("ExampleAdminRole");
  const directory = mkdtempSync(join(tmpdir(), "deploy-"));
  /** The directory of the runs' states. */
  const temporary = join(directory, "tmp");
  const recordFile = join(directory, "records", `${REGION}-serverless.json`);

  beforeAll(async () => {
    mkdirSync(temporary);
    await makeRole(admin.name, EVERYTHING);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  /** Runs the command to its end. At a pattern of its output, sends it a SIGTERM and stops reading the output. */
  async function run(args: readonly string[], more: { terminateAt?: RegExp; path?: string } = {}): Promise<Ended> {
    const { AWS_ENDPOINT_URL, HOME, PATH, TF_CLI_CONFIG_FILE } = process.env;
    const command = ["--require", join(ROOT, "register.cjs"), join(ROOT, "tools", "verify-aws", "main.ts"), ...args];
    const child = spawn(process.execPath, command, {
      env: {
        AWS_ACCESS_KEY_ID: admin.name,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_ENDPOINT_URL,
        AWS_SECRET_ACCESS_KEY: "any",
        HOME,
        PATH: more.path ? `${more.path}${delimiter}${PATH}` : PATH,
        TMPDIR: temporary,
        ...GO_ENV,
        ...(TF_CLI_CONFIG_FILE && { TF_CLI_CONFIG_FILE }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stderr, stdout] = ["", ""];
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (more.terminateAt?.test(stdout)) {
        child.stdout.destroy();
        child.kill("SIGTERM");
      }
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code: code ?? -1, stderr, stdout };
  }

  /** The things of a name that exist, by their kinds. */
  async function thingsNamed(name: string): Promise<string[]> {
    const { Aliases = [] } = await admin.kms.send(new ListAliasesCommand({}));
    const answers: Record<string, unknown> = {
      namespace: await refusal(admin.serverless.send(new GetNamespaceCommand({ namespaceName: name }))),
      role: await refusal(admin.iam.send(new GetRoleCommand({ RoleName: name }))),
      workgroup: await refusal(admin.serverless.send(new GetWorkgroupCommand({ workgroupName: name }))),
    };
    return [
      ...Aliases.filter(({ AliasName }) => AliasName === `alias/${name}`).map(() => "alias"),
      ...Object.keys(answers).filter((kind) => typeof answers[kind] === "object"),
    ];
  }

  /** The state and the deletion date of the keys for a warehouse of a name. */
  async function keysOf(name: string): Promise<{ days: number | undefined; state: string }[]> {
    const { Keys = [] } = await admin.kms.send(new ListKeysCommand({}));
    const keys = await Promise.all(
      // The key of another test may be another caller's.
      Keys.map(async ({ KeyId }) => admin.kms.send(new DescribeKeyCommand({ KeyId })).catch(() => undefined)),
    );
    return keys
      .flatMap((key) => key?.KeyMetadata ?? [])
      .filter(({ Description }) => Description?.endsWith(`: ${name}`))
      .map(({ DeletionDate, KeyState }) => ({
        days: DeletionDate && Math.round((DeletionDate.getTime() - Date.now()) / 86_400_000),
        state: KeyState!,
      }));
  }
  const DESTROYED = [{ days: 7, state: "PendingDeletion" }];

  describe("refuses", () => {
    beforeAll(async () => {
      await makeRole("verify-taken");
    });

    test.each([
      ["no account", ["--yes"], "--account must be a 12-digit AWS account ID, got: nothing"],
      [
        "another account",
        ["--yes", "--account", "444455556666"],
        `--account must be the account of the credentials, ${ACCOUNT}, got: 444455556666`,
      ],
      [
        "to start without a terminal and --yes",
        ["--account", ACCOUNT],
        "--yes must be given if there is no terminal; nothing was created",
      ],
      [
        "the name of something that exists",
        ["--yes", "--account", ACCOUNT, "--name", "verify-taken"],
        "--name must be new, got: verify-taken, the name of role verify-taken",
      ],
    ])("%s, in one line, and creates nothing", async (_, args, message) => {
      const { code, stderr } = await run([...args, ...NO_WAIT]);
      expect({ code, stderr }).toStrictEqual({ code: 1, stderr: `verify:aws: ${message}\n` });
      expect(readdirSync(temporary)).toStrictEqual([]);
      expect(await thingsNamed("verify-data-api")).toStrictEqual([]);
    });
  });

  test("writes a redacted record of AWS's answers, and destroys everything", async () => {
    const { code, stderr, stdout } = await run(["--account", ACCOUNT, "--record", recordFile, "--yes", ...NO_WAIT]);
    const errors = stderr.split("\n").filter((line) => !line.startsWith("warning: ["));
    expect({ code, errors }).toStrictEqual({ code: 0, errors: [""] });
    expect(stdout).toContain(`This creates in ${ACCOUNT}, ${REGION}:`);
    expect(stdout).toContain("It costs less than USD 2:");

    const text = readFileSync(recordFile, "utf8");
    expect(text).not.toMatch(/\d{12}|[\da-f]{8}-[\da-f]{4}|verify-data-api|ExampleAdminRole/i);
    const { date, viaServices, ...record } = JSON.parse(text) as VerifiedRecord;
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Object.keys(viaServices)).toStrictEqual([
      "redshift-serverless.REGION.amazonaws.com",
      "redshift.REGION.amazonaws.com",
      "redshift.amazonaws.com",
    ]);
    expect(Object.values(viaServices).sort()).toStrictEqual([
      "AccessDeniedException",
      "AccessDeniedException",
      "FINISHED",
    ]);
    const service = expect.stringMatching(/^redshift/) as string;
    expect(record).toStrictEqual({
      grants: [
        {
          constraints: {
            EncryptionContextSubset: {
              "aws:redshift-serverless:arn": expect.stringMatching(
                /^arn:aws:redshift-serverless:REGION:ACCOUNT:namespace[/:]NAMESPACE_ID$/,
              ) as string,
              serviceName: "RedshiftDataAPI",
            },
          },
          event: {
            invokedBy: service,
            sourceIPAddress: service,
            userAgent: service,
            userIdentityType: "AssumedRole",
          },
          grantee: service,
          operations: ["Decrypt", "Encrypt", "GenerateDataKey"],
          retiring: null,
        },
      ],
      partition: "aws",
      region: REGION,
      revoked: { DescribeStatement: "AccessDeniedException", GetStatementResult: "AccessDeniedException" },
      withoutViaService: "AccessDeniedException",
      workgroup: {
        baseCapacity: 4,
        configParameters: expect.objectContaining({ require_ssl: "true" }) as Record<string, string>,
        pricePerformanceTarget: { status: "DISABLED" },
      },
    });

    expect(await thingsNamed("verify-data-api")).toStrictEqual([]);
    expect(await keysOf("verify-data-api")).toStrictEqual(DESTROYED);
    expect(readdirSync(temporary)).toStrictEqual([]);
  });

  test("destroys everything if it is interrupted while terraform applies, also if its output is closed", async () => {
    const name = "verify-interrupted";
    const file = join(directory, "interrupted.json");
    const args = ["--account", ACCOUNT, "--name", name, "--record", file, "--yes", ...NO_WAIT];
    const { code, stderr } = await run(args, { terminateAt: /aws_kms_key\S+ Creating/ });
    expect(stderr).toContain("verify:aws: interrupted by SIGTERM\n");
    expect(code).toBe(1);
    expect(await thingsNamed(name)).toStrictEqual([]);
    expect(await keysOf(name)).toStrictEqual(DESTROYED);
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(temporary)).toStrictEqual([]);
  });

  test("lists the remaining resources, and keeps the state, if destroy fails", async () => {
    const name = "verify-left";
    const path = join(directory, "bin");
    const terraform = spawnSync("sh", ["-c", "command -v terraform"], { encoding: "utf8" }).stdout.trim();
    mkdirSync(path);
    // It applies a role only, so that the run ends soon, with two errors.
    writeFileSync(
      join(path, "terraform"),
      `#!/bin/sh
case $1 in
  apply) exec "${terraform}" "$@" -target="$(grep -o 'aws_iam_role\\.Role-${name}_[0-9A-F]*' cdk.tf.json | head -n 1)" ;;
  destroy) exit 3 ;;
  *) exec "${terraform}" "$@" ;;
esac
`,
    );
    chmodSync(join(path, "terraform"), 0o755);
    const { code, stderr } = await run(["--account", ACCOUNT, "--name", name, "--yes", ...NO_WAIT], { path });
    const [kept] = readdirSync(temporary);
    const stackDirectory = join(temporary, kept!, "cdktf.out", "stacks", name);
    expect(stderr).toContain(`verify:aws: ResourceNotFoundException: The namespace ${name} was not found.\n`);
    expect(stderr).toContain(
      `verify:aws: terraform destroy failed (3); its output is above. AWS still has: role ${name}. ` +
        `Run: terraform -chdir=${stackDirectory} destroy. If that fails too, docs/verified-on-aws.md has the commands to ` +
        "remove the resources by hand\n",
    );
    expect(code).toBe(1);
    expect(existsSync(join(temporary, kept!, `terraform.${name}.tfstate`))).toBe(true);
    rmSync(join(temporary, kept!), { recursive: true });
    await admin.iam.send(new DeleteRoleCommand({ RoleName: name }));
  });
});
