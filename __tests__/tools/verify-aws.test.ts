import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { readArguments } from "../../tools/verify-aws/arguments";
import { type Identifiers, redacted } from "../../tools/verify-aws/record";
import { baseCapacityOf, Stack } from "../../tools/verify-aws/stack";
import { ROOT } from "../support/paths";
import { ACCOUNT, REGION } from "../support/arns";
import { blocks, VERIFIED } from "../support/readme";
import { fleetOf, only, synthesize } from "../support/support";

const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const NAMESPACE_ID = "12345678-1234-1234-1234-123456789012";

describe("the arguments of verify:aws", () => {
  test("have defaults", () => {
    expect(readArguments(["--account", ACCOUNT])).toStrictEqual({
      account: ACCOUNT,
      name: "verify-data-api",
      recordFile: join(ROOT, "emulator", "records", "us-east-1-serverless.json"),
      region: "us-east-1",
      waitForCloudTrail: 900_000,
      waitForKms: 300_000,
      yes: false,
    });
  });

  test("give the record the name of the Region, unless --record is given", () => {
    const args = ["--account", ACCOUNT, "--region", "eu-west-1"];
    expect(readArguments(args)!.recordFile).toBe(join(ROOT, "emulator", "records", "eu-west-1-serverless.json"));
    expect(readArguments([...args, "--record", "mine.json"])!.recordFile).toBe("mine.json");
  });

  test("need no account with --help", () => {
    expect(readArguments(["--help"])).toBeUndefined();
  });

  test.each([
    [[], "--account must be a 12-digit AWS account ID, got: nothing"],
    [["--account", "1234"], "--account must be a 12-digit AWS account ID, got: 1234"],
    [["--account", ACCOUNT, "--region", "mars-1"], "--region must be an AWS region, got: mars-1"],
    [
      ["--account", ACCOUNT, "--name", "Upper"],
      "--name must be 3 to 63 lowercase letters, digits or hyphens, got: Upper",
    ],
    [
      ["--account", ACCOUNT, "--wait-for-kms", "soon"],
      "--wait-for-kms must be a number of minutes from 0 to 60, got: soon",
    ],
    [
      ["--account", ACCOUNT, "--wait-for-cloudtrail", ""],
      "--wait-for-cloudtrail must be a number of minutes from 0 to 60, got: ",
    ],
    [
      ["--account", ACCOUNT, "--wait-for-cloudtrail", "61"],
      "--wait-for-cloudtrail must be a number of minutes from 0 to 60, got: 61",
    ],
    [["--endpoint", "x"], "Unknown option '--endpoint'; npm --silent run verify:aws -- --help lists the options"],
    [["extra"], "Unexpected argument 'extra'; npm --silent run verify:aws -- --help lists the options"],
  ])("refuse %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(new Error(message));
  });
});

test.each([
  ["us-east-1", 4],
  ["eu-central-1", 8],
])("verify:aws has the base capacity of %s: %i RPUs", (region, capacity) => {
  expect(baseCapacityOf(region)).toBe(capacity);
});

test("docs/verified-on-aws.md has delete commands for the resources of a default run", () => {
  const options = readArguments(["--account", ACCOUNT])!;
  const { directory } = new Stack(options);
  const text = readFileSync(join(directory, "warehouses.yaml"), "utf8");
  rmSync(directory, { recursive: true });
  const [stack] = fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..").map(synthesize);
  const nameOf = (type: string, attribute = "name"): string =>
    only(stack!, { tfResourceType: `aws_${type}` })[attribute] as string;
  const commands = blocks("sh", VERIFIED).at(-1)!;
  expect(commands).toContain(`AWS_DEFAULT_REGION=${options.region}\n`);
  const namesIn = (pattern: RegExp): readonly string[] => [...commands.matchAll(pattern)].map(([, name]) => name!);
  expect(namesIn(/--workgroup-name (\S+)/g)).toStrictEqual(
    Array(2).fill(nameOf("redshiftserverless_workgroup", "workgroup_name")),
  );
  expect(namesIn(/--namespace-name (\S+)/g)).toStrictEqual([nameOf("redshiftserverless_namespace", "namespace_name")]);
  expect(namesIn(/--role-name (\S+)/g)).toStrictEqual(Array(2).fill(nameOf("iam_role")));
  expect(namesIn(/--policy-name (\S+)/g)).toStrictEqual([nameOf("iam_role_policy")]);
  expect(namesIn(/(alias\/\S+)/g)).toStrictEqual(Array(2).fill(nameOf("kms_alias")));
  expect(Object.keys(stack!.resource).sort()).toStrictEqual([
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_redshiftserverless_namespace",
    "aws_redshiftserverless_usage_limit",
    "aws_redshiftserverless_workgroup",
  ]);
});

describe("redacted", () => {
  const identifiers: Identifiers = { account: ACCOUNT, keyId: KEY_ID, namespaceId: NAMESPACE_ID, region: REGION };

  test.each([
    [
      `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:namespace/${NAMESPACE_ID}`,
      "arn:aws:redshift-serverless:REGION:ACCOUNT:namespace/NAMESPACE_ID",
    ],
    [`arn:aws:kms:${REGION}:${ACCOUNT}:key/${KEY_ID}`, "arn:aws:kms:REGION:ACCOUNT:key/KEY_ID"],
    ["redshift-data.us-east-1.amazonaws.com", "redshift-data.REGION.amazonaws.com"],
    ["redshift.amazonaws.com", "redshift.amazonaws.com"],
    [
      "arn:aws:sts::444455556666:assumed-role/Redshift-Data/session@1",
      "arn:aws:sts::OTHER_ACCOUNT:assumed-role/PRINCIPAL",
    ],
    [`arn:aws:iam::${ACCOUNT}:user/team/ann`, "arn:aws:iam::ACCOUNT:user/PRINCIPAL"],
    [
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift`,
      "arn:aws:iam::ACCOUNT:role/aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift",
    ],
    ["AROAIDPPEZS35WEXAMPLE:ann@example.com", "PRINCIPAL_ID"],
    ["ASIAIOSFODNN7EXAMPLE", "PRINCIPAL_ID"],
    ["ann@example.com", "EMAIL"],
    ["0f7c9a1e-0000-4000-8000-5a5a5a5a5a5a", "UUID"],
    ["f020fe75197b93991dc8491d6f19dd3cebb24ee62277a05914386724f3d48758", "GRANT_ID"],
    ["192.0.2.17", "IP_ADDRESS"],
    ["proxy 192.0.2.17:443", "proxy IP_ADDRESS:443"],
    ["2001:db8::1", "IP_ADDRESS"],
    ["AccessDeniedException", "AccessDeniedException"],
    ["AWS Internal", "AWS Internal"],
    ["14400", "14400"],
    ["20250815T0000Z", "20250815T0000Z"],
    ["ISO, MDY", "ISO, MDY"],
    ["$user, public", "$user, public"],
  ])("returns for %s: %s", (text, expected) => {
    expect(redacted(text, identifiers)).toBe(expected);
  });

  test("sorts the keys of a map, redacts at every depth, and keeps the order of an array", () => {
    const value = { b: [ACCOUNT, 4, null], a: { [`s3.${REGION}.amazonaws.com`]: true } };
    expect(JSON.stringify(redacted(value, identifiers))).toBe(
      '{"a":{"s3.REGION.amazonaws.com":true},"b":["ACCOUNT",4,null]}',
    );
  });
});

describe("docs/verified-on-aws.md", () => {
  const page = readFileSync(join(ROOT, "docs", "verified-on-aws.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| (?!-|Fact)/.test(line));
  const records = join(ROOT, "emulator", "records");
  const files = existsSync(records) ? readdirSync(records).filter((name) => name.endsWith(".json")) : [];

  test("has a row for each assumption of the emulator", () => {
    const source = readFileSync(join(ROOT, "emulator", "assumptions.py"), "utf8");
    const assumptions = [...source.matchAll(/^def (\w+)/gm)].map(([, name]) => name!);
    expect(assumptions.length).toBeGreaterThan(5);
    const named = rows.flatMap((row) => [...row.matchAll(/`assumptions\.(\w+)`/g)].map(([, name]) => name!));
    expect(named.sort()).toStrictEqual(assumptions.sort());
  });

  test("names only records that exist", () => {
    const cells = rows.map((row) => row.split("|").at(-2)!.trim());
    const allowed = ["not verified", ...files.map((name) => `[${name}](../emulator/records/${name})`)];
    expect(cells.filter((cell) => !allowed.includes(cell))).toStrictEqual([]);
    // A record verifies something.
    expect(files.filter((name) => !cells.some((cell) => cell.includes(name)))).toStrictEqual([]);
  });
});
