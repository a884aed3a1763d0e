import fs, { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { ConfigurationError, ConfigurationFile } from "../../../app/config/configuration-file";
import { Fleet } from "../../../app/config/fleet";
import { fleetOf } from "../../support/support";

const WAREHOUSE = `
  - name: analytics
    account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole]
    users: [arn:aws:iam::111122223333:role/ExampleUserRole]
`;
const VALID = `warehouses:${WAREHOUSE}    serverless: {}\n`;
const SERVERLESS_SNAPSHOT_ARN =
  "arn:aws:redshift-serverless:us-east-1:111122223333:snapshot/12345678-1234-1234-1234-123456789012";

const IMPORT = "    import: {keyId: 1234abcd-12ab-34cd-56ef-1234567890ab}";

/** The lines of the error of one file or several files; none if there is no problem. */
function linesOf(texts: string | Readonly<Record<string, string>>): string[] {
  try {
    const fleet = fleetOf(typeof texts === "string" ? { "w.yaml": texts } : texts);
    return fleet.problems.length === 0 ? [] : fleet.error(fleet.problems).message.split("\n");
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message.split("\n");
  }
}

describe("a valid configuration file", () => {
  test("gives the values of the file, and the default of awsProviderVersion", () => {
    expect(fleetOf({ "w.yaml": VALID }).configuration).toStrictEqual({
      awsProviderVersion: "~> 6.25",
      warehouses: [
        {
          account: "111122223333",
          administrators: ["arn:aws:iam::111122223333:role/ExampleAdminRole"],
          name: "analytics",
          region: "us-east-1",
          serverless: {},
          users: ["arn:aws:iam::111122223333:role/ExampleUserRole"],
        },
      ],
    });
  });

  test("may use an anchor and its alias", () => {
    const text = VALID.replace("account: ", "account: &account ") + "defaultTags: {owner: *account}\n";
    expect(fleetOf({ "w.yaml": text }).configuration.defaultTags).toStrictEqual({ owner: "111122223333" });
  });
});

describe("an error of the configuration has the file, and the line and path if they exist:", () => {
  const settings = (kind: "cluster" | "serverless", lines: string): string =>
    `warehouses:${WAREHOUSE}    ${kind}:\n      ${kind === "cluster" ? "nodeType: ra3.large" : "port: 5439"}\n      ${lines}\n`;
  const replaced = (from: string, to: string): string => VALID.replace(from, to);
  test.each<[string, string, string]>([
    [
      "a malformed Region",
      replaced("us-east-1", "us-est-1"),
      "w.yaml:4 warehouses[0].region must be an AWS region, got: us-est-1",
    ],
    [
      "an account without quotes",
      replaced('"111122223333"', "111122223333"),
      "w.yaml:3 warehouses[0].account must be a 12-digit AWS account ID in quotes, got: 111122223333",
    ],
    [
      "a warehouse name with a capital",
      replaced("name: analytics", "name: Analytics"),
      "w.yaml:2 warehouses[0].name must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: Analytics",
    ],
    ["a missing Region", replaced("    region: us-east-1\n", ""), "w.yaml:2 warehouses[0].region must be given"],
    [
      "an unknown key of a warehouse",
      replaced("    users:", "    usres:"),
      "w.yaml:6 warehouses[0].usres is not a known key, did you mean users?",
    ],
    [
      "a prop of the key that the entry sets",
      replaced("    users:", '    key: {accountId: "111122223333"}\n    users:'),
      "w.yaml:6 warehouses[0].key.accountId is not a known key, known are alias, viaServices, bypassPolicyLockoutSafetyCheck, deletionProtection, deletionWindowInDays, description, lockoutPrecondition, enableKeyRotation, multiRegion, rotationPeriodInDays, replicaRegions, keyArn",
    ],
    [
      "a user with the ARN and the name of a role",
      VALID.replace(/users: .*/, 'users: [{roleArn: "arn:aws:iam::111122223333:role/Reader", roleName: Reader}]'),
      "w.yaml:6 warehouses[0].users[0].roleName must be left out: a principal has only one of permissionSet, roleArn, roleName",
    ],
    [
      "an administrator with the ARN and the name of a role",
      VALID.replace(/administrators: .*/, "administrators: [{roleArn: a, roleName: Admin}]"),
      "w.yaml:5 warehouses[0].administrators[0].roleArn must be left out: a principal has only one of permissionSet, roleArn, roleName",
    ],
    [
      "an unknown key of a cluster",
      settings("cluster", "nodetype: x"),
      "w.yaml:9 warehouses[0].cluster.nodetype is not a known key, did you mean nodeType?",
    ],
    [
      "a key of a serverless warehouse in a cluster",
      settings("cluster", "baseCapacity: 8"),
      "w.yaml:9 warehouses[0].cluster.baseCapacity must be left out, because only a serverless warehouse has this key: the section of a serverless warehouse is 'serverless'",
    ],
    [
      "a key of a cluster in a serverless warehouse",
      settings("serverless", "nodeType: ra3.large"),
      "w.yaml:9 warehouses[0].serverless.nodeType must be left out, because only a cluster has this key: the section of a cluster is 'cluster'",
    ],
    [
      "a metric of a serverless warehouse in the alarms of a cluster",
      settings("cluster", "alarms: {computeSeconds: 9}"),
      "w.yaml:9 warehouses[0].cluster.alarms.computeSeconds must be left out, because only a serverless warehouse has this key: the section of a serverless warehouse is 'serverless'",
    ],
    [
      "a key of a cluster's usage limits in a serverless warehouse",
      settings("serverless", "usageLimits: [{amount: 1, feature: serverless-compute, limitType: time}]"),
      "w.yaml:9 warehouses[0].serverless.usageLimits[0].limitType must be left out, because only a cluster has this key: the section of a cluster is 'cluster'",
    ],
    [
      "an unknown key in the alarms of a cluster",
      settings("cluster", "alarms: {computeSecond: 9}"),
      "w.yaml:9 warehouses[0].cluster.alarms.computeSecond is not a known key, known are topicArns, alarmNamePrefix, cpuUtilization, diskSpaceUsed, emails",
    ],
    [
      "a merge key",
      settings("cluster", "<<: {port: 5439}"),
      "w.yaml:9 warehouses[0].cluster[\"<<\"] must be left out: merge keys are not read; 'defaults' has values that entries share",
    ],
    [
      "an unknown key at the top level",
      `${VALID}defaulttags: {}\n`,
      "w.yaml:8 defaulttags is not a known key, did you mean defaultTags?",
    ],
    [
      "the ARN of a session as administrator",
      replaced("arn:aws:iam::111122223333:role/ExampleAdminRole", "arn:aws:sts::111122223333:assumed-role/Admin/me"),
      "w.yaml:5 warehouses[0].administrators[0] must be the ARN of an IAM role, an IAM user or an account root; for this session give its role, arn:aws:iam::111122223333:role/Admin (with the role's path before its name, if it has one), got: arn:aws:sts::111122223333:assumed-role/Admin/me",
    ],
    [
      "a role of IAM Identity Center without its path",
      replaced("role/ExampleUserRole", "role/AWSReservedSSO_Analyst_0123456789abcdef"),
      "w.yaml:6 warehouses[0].users[0] must be the ARN of an IAM role; this role has a path before its name: arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef or arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_Analyst_0123456789abcdef, got: arn:aws:iam::111122223333:role/AWSReservedSSO_Analyst_0123456789abcdef",
    ],
    [
      "a permission set with a wildcard",
      replaced("[arn:aws:iam::111122223333:role/ExampleUserRole]", '[{permissionSet: "*"}]'),
      "w.yaml:6 warehouses[0].users[0].permissionSet must be the name of a permission set: 1 to 32 letters, digits or any of _+=,.@-, got: *",
    ],
    [
      "'path' beside the permission set of an administrator",
      replaced("[arn:aws:iam::111122223333:role/ExampleAdminRole]", "[{permissionSet: Keeper, path: /a/}]"),
      "w.yaml:5 warehouses[0].administrators[0].path is not a known key, known are permissionSet",
    ],
    [
      "the same permission set twice in the users of a warehouse",
      replaced(
        "[arn:aws:iam::111122223333:role/ExampleUserRole]",
        "[{permissionSet: Analyst}, {permissionSet: Analyst, databases: [dev]}]",
      ),
      "w.yaml:6 warehouses[0].users[1].permissionSet must not be the permission set of warehouses[0].users[0].permissionSet as well, got: Analyst",
    ],
    [
      "a service-linked role in iamRoles",
      settings(
        "cluster",
        "iamRoles: [arn:aws:iam::111122223333:role/aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift]",
      ),
      "w.yaml:9 warehouses[0].cluster.iamRoles[0] must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: arn:aws:iam::111122223333:role/aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift",
    ],
    [
      "a session name with a Terraform expression",
      replaced(
        "[arn:aws:iam::111122223333:role/ExampleUserRole]",
        '[{roleName: A, sessionNames: ["${aws:username}", "${var.a}"]}]',
      ),
      "w.yaml:6 warehouses[0].users[0].sessionNames[1] must be 2 to 64 letters, digits or any of _+=,.@-, or ${aws:username}, got: ${var.a}",
    ],
    [
      "an IAM user in users",
      replaced("role/ExampleUserRole", "user/me"),
      "w.yaml:6 warehouses[0].users[0] must be the ARN of an IAM role, got: arn:aws:iam::111122223333:user/me",
    ],
    [
      "the import of a key by its alias",
      `${VALID}    import: {keyId: alias/analytics}\n`,
      "w.yaml:8 warehouses[0].import.keyId must be the ID of a KMS key, not an ARN and not an alias, got: alias/analytics",
    ],
    [
      "the import of a role policy without the name of its role",
      `${VALID}    import: {rolePolicies: [data-api]}\n`,
      "w.yaml:8 warehouses[0].import.rolePolicies[0] must be ROLE:POLICY, the name of a role and the name of its inline policy, got: data-api",
    ],
    [
      "an unknown key of import",
      `${VALID}    import: {clusterIdentifer: analytics}\n`,
      "w.yaml:8 warehouses[0].import.clusterIdentifer is not a known key, did you mean clusterIdentifier?",
    ],
    [
      "import in the defaults",
      `${VALID}defaults: {import: {keyId: a}}\n`,
      'w.yaml:8 defaults.import must be left out, because every entry imports other things, got: {"keyId":"a"}',
    ],
    [
      "a number as cluster identifier",
      settings("cluster", "clusterIdentifier: 5"),
      "w.yaml:9 warehouses[0].cluster.clusterIdentifier must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: 5",
    ],
    [
      "a word as base capacity",
      settings("serverless", "baseCapacity: many"),
      "w.yaml:9 warehouses[0].serverless.baseCapacity must be 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024, got: many",
    ],
    [
      "a string as multiAz",
      settings("cluster", 'multiAz: "yes"'),
      "w.yaml:9 warehouses[0].cluster.multiAz must be true or false, got: yes",
    ],
    [
      "an ownerAccount without quotes",
      settings("cluster", "ownerAccount: 011122223333"),
      "w.yaml:9 warehouses[0].cluster.ownerAccount must be a 12-digit AWS account ID in quotes; without quotes, a leading zero is lost, got: 11122223333",
    ],
    [
      "a malformed element of a list",
      settings("cluster", "subnetIds: [subnet-0123456789abcdef0, vpc-1]"),
      "w.yaml:9 warehouses[0].cluster.subnetIds[1] must be a subnet ID such as subnet-0123456789abcdef0, got: vpc-1",
    ],
    [
      "a lookup of subnets without vpcId and tags",
      settings("cluster", "subnetIds: {}"),
      "w.yaml:9 warehouses[0].cluster.subnetIds must have vpcId, tags or both, got: {}",
    ],
    [
      "a lookup of security groups by vpcId only",
      settings("serverless", "securityGroupIds: {vpcId: vpc-0123456789abcdef0}"),
      'w.yaml:9 warehouses[0].serverless.securityGroupIds must have names, tags or both, got: {"vpcId":"vpc-0123456789abcdef0"}',
    ],
    [
      "the ID of a subnet as the vpcId of a lookup",
      settings("serverless", "subnetIds: {vpcId: subnet-0123456789abcdef0}"),
      "w.yaml:9 warehouses[0].serverless.subnetIds.vpcId must be a VPC ID such as vpc-0123456789abcdef0, got: subnet-0123456789abcdef0",
    ],
    [
      "a repeated element of a list",
      settings("cluster", "iamRoles: [arn:aws:iam::111122223333:role/A, arn:aws:iam::111122223333:role/A]"),
      'w.yaml:9 warehouses[0].cluster.iamRoles must not repeat an item, got: ["arn:aws:iam::111122223333:role/A","arn:aws:iam::111122223333:role/A"]',
    ],
    [
      "a boolean as the value of a parameter",
      settings("cluster", "parameters: {auto_mv: true}"),
      "w.yaml:9 warehouses[0].cluster.parameters.auto_mv must be a string; put a number or a yes/no in quotes, got: true",
    ],
    [
      "a number as the value of a tag whose key has a dot",
      `${VALID}defaultTags: {cost.center: 5}\n`,
      'w.yaml:8 defaultTags["cost.center"] must be a string; put a number or a yes/no in quotes, got: 5',
    ],
    [
      "a tag whose key begins with aws:",
      `${VALID}defaultTags: {"aws:x": "1"}\n`,
      'w.yaml:8 defaultTags must be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@, got: {"aws:x":"1"}',
    ],
    [
      "a malformed version constraint",
      `${VALID}awsProviderVersion: latest\n`,
      "w.yaml:8 awsProviderVersion must be a Terraform version constraint in quotes, such as ~> 6.25, got: latest",
    ],
    [
      "a misspelled keyArn",
      VALID + "    key: {keyArm: x}\n",
      "w.yaml:8 warehouses[0].key.keyArm is not a known key, did you mean keyArn?",
    ],
    [
      "the account of an existing key, which is in its ARN",
      VALID +
        `    key: {accountId: "111122223333", keyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}\n`,
      "w.yaml:8 warehouses[0].key.accountId is not a known key, known are keyArn, viaServices",
    ],
    ["an empty list of warehouses", "warehouses: []\n", "w.yaml:1 warehouses must be a list of at least 1, got: []"],
    ["a map as warehouses", "warehouses: {}\n", "w.yaml:1 warehouses must be a list, got: {}"],
    ["an empty file", "", "w.yaml:1 warehouses must be given"],
    ["a file that is a string", "warehouses", "w.yaml:1 must be a map, got: a string"],
    ["a file that is a list", "- a\n", "w.yaml:1 must be a map, got: a list"],
    [
      "YAML with an unclosed bracket",
      "warehouses: [\n",
      "w.yaml:2 cannot be read as YAML: deficient indentation (close brackets and quotes, and indent them more than their key)",
    ],
    [
      "a Terraform expression in a tag",
      `${VALID}defaultTags: {owner: '\${file("/etc/passwd")}'}\n`,
      'w.yaml:8 defaultTags.owner must have no ${, %{, #{TfToken[ or &{TfToken[, which would be evaluated, got: ${file("/etc/passwd")}',
    ],
    [
      "a Terraform directive in a description",
      VALID + "    key: {description: '%{ if true }x%{ endif }'}\n",
      "w.yaml:8 warehouses[0].key.description must have no ${, %{, #{TfToken[ or &{TfToken[, which would be evaluated, got: %{ if true }x%{ endif }",
    ],
    [
      "a CDKTF list token in a description",
      VALID + "    key: {description: '#{TfToken[TOKEN.0]}'}\n",
      "w.yaml:8 warehouses[0].key.description must have no ${, %{, #{TfToken[ or &{TfToken[, which would be evaluated, got: #{TfToken[TOKEN.0]}",
    ],
    [
      "a CDKTF token as creation time",
      settings("cluster", "createTime: '${TfToken[TOKEN.0]}'"),
      "w.yaml:9 warehouses[0].cluster.createTime must have no ${, %{, #{TfToken[ or &{TfToken[, which would be evaluated, got: ${TfToken[TOKEN.0]}",
    ],
    [
      "a value with terminal escapes and a command of a CI runner, which are escaped",
      replaced("us-east-1", '"\\e[2J\\u009b31m\\u202e\\u200b ##[add-mask]error"'),
      "w.yaml:4 warehouses[0].region must be an AWS region, got: \\u001b[2J\\u009b31m\\u202e\\u200b \\u0023#[add-mask]error",
    ],
    [
      "an unknown key with control characters, which are escaped",
      `"\\e]0;pwned\\a\\u202e": 1\n${VALID}`,
      'w.yaml:1 ["\\u001b]0;pwned\\u0007\\u202e"] is not a known key, known are accounts, awsProviderVersion, backend, dataApiEndpoints, defaultTags, defaults, keys, parameterGroups, warehouses',
    ],
    [
      "an account ID as administrator in aws-us-gov",
      replaced("us-east-1", "us-gov-west-1").replace(/administrators: .*/, 'administrators: ["111122223333"]'),
      'w.yaml:5 warehouses[0].administrators[0] must be the ARN of an IAM role, an IAM user or an account root; for this account give its root, arn:aws-us-gov:iam::111122223333:root, got: "111122223333"',
    ],
    [
      "the ARN of a session as user",
      VALID.replace(/users: .*/, "users: [arn:aws:sts::111122223333:assumed-role/Reader/me]"),
      "w.yaml:6 warehouses[0].users[0] must be the ARN of an IAM role; for this session give its role, arn:aws:iam::111122223333:role/Reader (with the role's path before its name, if it has one), got: arn:aws:sts::111122223333:assumed-role/Reader/me",
    ],
    [
      "a value of 1,000 characters, which is shortened",
      replaced("us-east-1", "x".repeat(1000)),
      `w.yaml:4 warehouses[0].region must be an AWS region, got: ${"x".repeat(200)}… (1000 characters)`,
    ],
    [
      "a number in quotes as maximum capacity",
      settings("serverless", 'maxCapacity: "256"'),
      'w.yaml:9 warehouses[0].serverless.maxCapacity must be an integer of 1 or more, got: "256"',
    ],
    [
      "an unknown key, with the known keys if none is similar",
      `${VALID}providerConfigurationAliases: {}\n`,
      "w.yaml:8 providerConfigurationAliases is not a known key, known are accounts, awsProviderVersion, backend, dataApiEndpoints, defaultTags, defaults, keys, parameterGroups, warehouses",
    ],
    [
      "a wrong value that aliases repeat, at its anchor",
      VALID.replace("us-east-1", "&region us-est-1") + "    tags: {region: *region}\n    key: *region\n",
      "w.yaml:4 warehouses[0].region must be an AWS region, got: us-est-1",
    ],
    [
      "a wrong element of an aliased list, at its anchor",
      `x: &subnets [vpc-1]\n${settings("cluster", "subnetIds: *subnets")}`,
      "w.yaml:1 warehouses[0].cluster.subnetIds[0] must be a subnet ID such as subnet-0123456789abcdef0, got: vpc-1",
    ],
    [
      "a wrong value whose key has several lines, after an aliased key",
      `x: &key owner\ndefaultTags:\n  *key : a\n  ? |-\n    cost\n    center\n  : 5\n`,
      'w.yaml:5 defaultTags["cost\\ncenter"] must be a string; put a number or a yes/no in quotes, got: 5',
    ],
    [
      "an account key without quotes whose leading zero is lost",
      `accounts:\n  111122223333: {}\n  012345678901: {}\n${VALID}`,
      'w.yaml:3 accounts.12345678901 must be a 12-digit AWS account ID in quotes; without quotes, a leading zero is lost, got: "12345678901"',
    ],
    [
      "a wrong element of a list in brackets, above a dash in the bracket's column",
      "keys: [{name: shared}, 5]\nwarehouses:\n      - {name: analytics}\n      - {name: other}\n",
      "w.yaml:1 keys[1] must be a map, got: 5",
    ],
    [
      "a wrong element after an empty element",
      "warehouses:\n  -\n\n  - 5\n",
      "w.yaml:4 warehouses[1] must be a map, got: 5",
    ],
    [
      "an empty element of users",
      VALID.replace(/users:.*/, (users) => `${users.replace(/\[(.*)\]/, "\n      - $1\n      # nobody\n      -")}`),
      "w.yaml:9 warehouses[0].users[1] must be the ARN of an IAM role, got: null",
    ],
    [
      "a template placeholder in braces",
      replaced("us-east-1", "{{ region }}"),
      "w.yaml:4 cannot be read as YAML: object-based map does not support complex keys (a key must be a string; put a string that begins with {{ in quotes)",
    ],
    [
      "an alias of a list as a key",
      `x: &list [a]\n${VALID}? *list\n: 1\n`,
      "w.yaml:9 cannot be read as YAML: object-based map does not support complex keys (a key must be a string; put a string that begins with {{ in quotes)",
    ],
    [
      "a chain of 200 nested aliases",
      Array.from({ length: 200 }, (_, index) => `${300 - index}: &a${index} [${index ? `*a${index - 1}` : ""}]`).join(
        "\n",
      ),
      "w.yaml must have at most 1000000 values, at most 100 deep: each use of an alias counts again",
    ],
    [
      "a colon in a value without quotes",
      VALID + "defaultTags:\n  note: see: there\n",
      "w.yaml:9 cannot be read as YAML: bad indentation of a mapping entry (put a string that has a colon and a space, or begins with a sign, in quotes)",
    ],
    [
      "a tab as indentation",
      "\twarehouses: []\n",
      "w.yaml:1 cannot be read as YAML: end of the stream or a document separator is expected (a key needs a colon after it, and nothing but spaces before it)",
    ],
    [
      "an unknown YAML tag with a line break",
      "a: !%0A b\n",
      "w.yaml:1 cannot be read as YAML: unknown scalar tag !<!\\u000a>",
    ],
    [
      "a malformed Region in a file with line breaks of Windows",
      VALID.replace("us-east-1", "us-est-1").replaceAll("\n", "\r\n"),
      "w.yaml:4 warehouses[0].region must be an AWS region, got: us-est-1",
    ],
    ["an alias without an anchor", "a: *b\n", 'w.yaml:1 cannot be read as YAML: unidentified alias "b"'],
    ["a second YAML document", `${VALID}---\na: 1\n`, "w.yaml must be one YAML document, got: 2"],
    [
      "aliases that multiply to more than a million values",
      [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        ..."bcdefgh".split("").map((name, index) => {
          const before = "abcdefgh"[index]!;
          return `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`;
        }),
      ].join("\n"),
      "w.yaml must have at most 1000000 values, at most 100 deep: each use of an alias counts again",
    ],
    ["a repeated key", "a: 1\na: 2\n", "w.yaml:2 cannot be read as YAML: duplicated mapping key"],
    [
      "an alias within its own anchor",
      "a: &a [*a]\n",
      "w.yaml must have at most 1000000 values, at most 100 deep: each use of an alias counts again",
    ],
    ["an unknown YAML tag", "a: !secret x\n", "w.yaml:1 cannot be read as YAML: unknown scalar tag !<!secret>"],
    [
      "a malformed bucket of the s3 backend",
      `${VALID}backend: {s3: {bucket: B, region: us-east-1}}\n`,
      "w.yaml:8 backend.s3.bucket must be the name of an S3 bucket, got: B",
    ],
    [
      "an account without quotes whose leading zero is lost",
      replaced('"111122223333"', "011122223333"),
      "w.yaml:3 warehouses[0].account must be a 12-digit AWS account ID in quotes; without quotes, a leading zero is lost, got: 11122223333",
    ],
    [
      "an entry without cluster, serverless and existing",
      `warehouses:${WAREHOUSE}`,
      "w.yaml:2 warehouses[0] must have one of 'cluster', 'serverless' and 'existing', got: none",
    ],
    [
      "an entry with both cluster and serverless",
      `${VALID}    cluster: {nodeType: ra3.large}\n`,
      "w.yaml:2 warehouses[0] must have one of 'cluster', 'serverless' and 'existing', got: cluster and serverless",
    ],
    [
      "missing administrators",
      VALID.replace(/ +administrators:.*\n/, ""),
      "w.yaml:2 warehouses[0].administrators must be given",
    ],
    [
      "a list as serverless",
      replaced("serverless: {}", "serverless: []"),
      "w.yaml:7 warehouses[0].serverless must be a map, got: []",
    ],
    ["a list as defaultTags", `${VALID}defaultTags: [data]\n`, 'w.yaml:8 defaultTags must be a map, got: ["data"]'],
    ["a number as accounts", `${VALID}accounts: 5\n`, "w.yaml:8 accounts must be a map of accounts, got: 5"],
    ["a number as defaultTags", `${VALID}defaultTags: 5\n`, "w.yaml:8 defaultTags must be a map of strings, got: 5"],
    ["a list as accounts", `${VALID}accounts: []\n`, "w.yaml:8 accounts must be a map, got: []"],
    [
      "a tag named __proto__",
      `${VALID}defaultTags: {__proto__: x}\n`,
      'w.yaml:8 defaultTags must have no key that is named __proto__, constructor or prototype, got: {"__proto__":"x"}',
    ],
    [
      "a setting named constructor",
      replaced("serverless: {}", "serverless: {constructor: {}}"),
      'w.yaml:7 warehouses[0].serverless must have no key that is named __proto__, constructor or prototype, got: {"constructor":{}}',
    ],
    [
      "a warehouse named constructor",
      replaced("analytics", "constructor"),
      "w.yaml:2 warehouses[0].name must be another name than constructor, got: constructor",
    ],
    [
      "NaN as a number",
      settings("cluster", "automatedSnapshotRetentionPeriod: .nan"),
      "w.yaml:9 warehouses[0].cluster.automatedSnapshotRetentionPeriod must be an integer from 1 to 35, got: NaN",
    ],
    [
      "a lookup of security groups with empty tags",
      settings("cluster", "vpcSecurityGroupIds: {tags: {}}"),
      "w.yaml:9 warehouses[0].cluster.vpcSecurityGroupIds.tags must have at least one tag, got: {}",
    ],
    [
      "a value with a line break, which is escaped",
      VALID.replace("us-east-1", '"us\\neast"'),
      'w.yaml:4 warehouses[0].region must be an AWS region, got: "us\\neast"',
    ],
    [
      "a keyPrefix that begins with a slash",
      `${VALID}backend: {s3: {bucket: bucket, region: us-east-1, keyPrefix: /a/}}\n`,
      "w.yaml:8 backend.s3.keyPrefix must end with /, not begin with /, and have no two / in a row, got: /a/",
    ],
    [
      "both s3 and cloud as backend",
      `${VALID}backend: {s3: {bucket: bucket, region: us-east-1}, cloud: {organization: o}}\n`,
      'w.yaml:8 backend must have either s3 or cloud, got: {"cloud":{"organization":"o"},"s3":{"bucket":"bucket","region":"us-east-1"}}',
    ],
    ["an empty backend", `${VALID}backend: {}\n`, "w.yaml:8 backend must have either s3 or cloud, got: {}"],
  ])("%s", (_, text, line) => {
    expect(linesOf(text)).toContain(line);
  });

  test("has one line for a file that is no map", () => {
    expect(linesOf("- a\n")).toStrictEqual(["w.yaml:1 must be a map, got: a list"]);
  });
});

describe("for names that must be unique in AWS, the configuration", () => {
  const second = (lines: string, region = "us-east-1"): string => `${VALID}
  - name: other
    account: "111122223333"
    region: ${region}
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole]
    users: [arn:aws:iam::111122223333:role/ExampleUserRole]
    ${lines}
`;
  const role = (name: string): string => `{roleName: ${name}, trustedServices: [lambda.amazonaws.com]}`;

  test("accepts a second warehouse with other names", () => {
    expect(linesOf(second("serverless: {}"))).toStrictEqual([]);
  });

  test.each<[string, string, string]>([
    [
      "refuses the same stack name twice",
      second("serverless: {}").replace("name: other", "name: analytics"),
      "w.yaml:9 warehouses[1].name must not be the name of warehouses[0].name as well, got: analytics",
    ],
    [
      "refuses the same key alias twice",
      second("serverless: {}\n    key: {alias: alias/analytics}"),
      "w.yaml:15 warehouses[1].key.alias must not be the key alias of warehouses[0].name as well, got: alias/analytics",
    ],
    [
      "refuses the alias of a replica of another key in its Region",
      second("serverless: {}\n    key: {alias: alias/analytics}", "eu-west-1").replace(
        "serverless: {}",
        "serverless: {}\n    key: {replicaRegions: [eu-west-1]}",
      ),
      "w.yaml:16 warehouses[1].key.alias must not be the key alias of warehouses[0].key.replicaRegions[0] as well, got: alias/analytics",
    ],
    [
      "refuses a replica in the Region of another key with its alias",
      second("serverless: {}\n    key: {alias: alias/analytics, replicaRegions: [eu-west-1, us-east-1]}", "us-west-2"),
      "w.yaml:15 warehouses[1].key.replicaRegions[1] must not be the key alias of warehouses[0].name as well, got: alias/analytics",
    ],
    [
      "refuses the import of the same key twice",
      second(`serverless: {}\n${IMPORT}`).replace("serverless: {}", `serverless: {}\n${IMPORT}`),
      "w.yaml:16 warehouses[1].import.keyId must not be the imported key of warehouses[0].import.keyId as well, got: " +
        "1234abcd-12ab-34cd-56ef-1234567890ab; one entry of 'keys' imports the key, and the 'key' of each warehouse names that entry",
    ],
    [
      "refuses the same namespace name twice",
      second("serverless: {namespaceName: analytics, workgroupName: w-2}"),
      "w.yaml:14 warehouses[1].serverless.namespaceName must not be the namespace of warehouses[0].name as well, got: analytics",
    ],
    [
      "refuses the same workgroup name twice",
      second("serverless: {workgroupName: analytics}"),
      "w.yaml:14 warehouses[1].serverless.workgroupName must not be the workgroup of warehouses[0].name as well, got: analytics",
    ],
    [
      "refuses the same cluster identifier twice",
      second("cluster: {nodeType: ra3.large, clusterIdentifier: analytics}").replace(
        "serverless: {}",
        "cluster: {nodeType: ra3.large}",
      ),
      "w.yaml:14 warehouses[1].cluster.clusterIdentifier must not be the cluster of warehouses[0].name as well, got: analytics",
    ],
    [
      "refuses two roles to create whose names differ in case only",
      second("serverless: {}").replaceAll(
        /users: \[.*\]/g,
        (() => {
          let index = 0;
          return () => `users: [${role(["Reader", "reader"][index++]!)}]`;
        })(),
      ),
      "w.yaml:13 warehouses[1].users[0].roleName must not be the role of warehouses[0].users[0].roleName as well, got: reader; one entry creates the role, and the others name its ARN and are deployed after it",
    ],
  ])("%s", (_, text, line) => {
    expect(linesOf(text)).toStrictEqual([line]);
  });

  const users = (...roles: string[]): string => VALID.replace(/users: \[.*\]/, `users: [${roles.join(", ")}]`);
  const reader = "arn:aws:iam::111122223333:role/Reader";

  test.each([
    ["given twice", users(reader, `{roleArn: "${reader}"}`), "users[1].roleArn", "users[0]", reader],
    ["both to create and given by ARN", users(role("Reader"), reader), "users[1]", "users[0].roleName", reader],
    [
      "given by ARNs with two paths",
      users(reader, reader.replace("Reader", "b/Reader")),
      "users[1]",
      "users[0]",
      reader.replace("Reader", "b/Reader"),
    ],
    [
      "given as user, and to create as administrator",
      users(reader).replace(/administrators: \[.*\]/, `administrators: [${role("Reader")}]`),
      "users[0]",
      "administrators[0].roleName",
      reader,
    ],
    ["to create twice", users(role("Reader"), role("READER")), "users[1].roleName", "users[0].roleName", "READER"],
  ])("refuses a role that is %s, in one warehouse", (_, text, path, owner, got) => {
    expect(linesOf(text)).toStrictEqual([
      `w.yaml:6 warehouses[0].${path} must not be the role of warehouses[0].${owner} as well, got: ${got}`,
    ]);
  });

  test("accepts a role that one warehouse creates, and another gives by ARN", () => {
    const users = [role("Reader"), reader];
    const text = second("serverless: {}").replaceAll(/users: \[.*\]/g, () => `users: [${users.shift()!}]`);
    expect(linesOf(text)).toStrictEqual([]);
  });

  test("accepts the same namespace name in two Regions", () => {
    const text = second("serverless: {namespaceName: analytics}").replace(/(other[^]*)us-east-1/, "$1eu-west-1");
    expect(linesOf(text)).toStrictEqual([]);
  });
});

describe("for names in the defaults that must be unique in AWS, the configuration", () => {
  const text = (settings: string, ...regions: string[]): string =>
    `defaults: {cluster: {nodeType: ra3.large, ${settings}}}\nwarehouses:` +
    regions
      .map(
        (region, index) => WAREHOUSE.replace("analytics", `w${index}`).replace("us-east-1", region) + "    cluster: {}",
      )
      .join("");
  const SNAPSHOT = "finalSnapshotIdentifier: last";
  test.each([
    ["alarms.alarmNamePrefix", "alarm name prefix", "night", "alarms: {alarmNamePrefix: night}"],
    [
      "endpoints[0].endpointName",
      "endpoint",
      "clients",
      "endpoints: [{endpointName: clients, subnetIds: [subnet-12345678]}]",
    ],
    [
      "eventSubscriptions[0].subscriptionName",
      "event subscription",
      "events",
      'eventSubscriptions: [{subscriptionName: events, topicArn: "arn:aws:sns:us-east-1:111122223333:t"}]',
    ],
    ["finalSnapshotIdentifier", "cluster snapshot", "last", SNAPSHOT],
    [
      "scheduledActions[0].actionName",
      "scheduled action",
      "night",
      'scheduledActions: [{actionName: night, action: pause, schedule: "cron(0 20 ? * MON-FRI *)"}]',
    ],
    [
      "snapshotCopy.snapshotCopyGrantName",
      "snapshot copy grant",
      "copies",
      "snapshotCopy: {destinationRegion: eu-west-1, snapshotCopyGrantName: copies}",
    ],
    [
      "snapshotSchedule.identifier",
      "snapshot schedule",
      "hourly",
      "snapshotSchedule: {identifier: hourly, definitions: [rate(1 hour)]}",
    ],
  ])("refuses %s for two clusters", (path, what, name, settings) => {
    expect(linesOf(text(settings, "us-east-1", "us-east-1"))).toStrictEqual([
      `w.yaml:1 defaults.cluster.${path} must not be the ${what} of several entries, got: ${name}`,
    ]);
  });

  test("accepts the same copy grant name in two destination Regions, not in one Region", () => {
    const copies = (region: string, destination: string, name: string) =>
      `${WAREHOUSE.replace("analytics", name).replace("us-east-1", region)}    cluster: {clusterIdentifier: sales, nodeType: ra3.large, snapshotCopy: {destinationRegion: ${destination}}}`;
    const fleet = (...destinations: readonly [string, string]) =>
      `warehouses:${copies("us-east-1", destinations[0], "a")}${copies("us-east-2", destinations[1], "b")}\n`;
    expect(linesOf(fleet("us-west-2", "us-west-1"))).toStrictEqual([]);
    expect(linesOf(fleet("us-west-2", "us-west-2"))).toStrictEqual([
      "w.yaml:13 warehouses[1].cluster.clusterIdentifier must not be the snapshot copy grant of " +
        "warehouses[0].cluster.clusterIdentifier as well, got: sales",
    ]);
  });

  test("accepts the same copy grant name in two accounts", () => {
    const copies = "snapshotCopy: {destinationRegion: eu-west-1, snapshotCopyGrantName: copies}";
    const fleet = text(copies, "us-east-1", "us-east-1");
    expect(linesOf(fleet.replace(/(w1[^]*)"111122223333"/, '$1"444455556666"'))).toStrictEqual([]);
  });

  test("accepts the same final snapshot identifier in two Regions", () => {
    expect(linesOf(text(SNAPSHOT, "us-east-1", "eu-west-1"))).toStrictEqual([]);
  });

  test.each([
    ["alarms.alarmNamePrefix", "alarm name prefix", "night", "alarms: {alarmNamePrefix: night}"],
    [
      "endpoints[0].endpointName",
      "serverless endpoint",
      "clients",
      "endpoints: [{endpointName: clients, subnetIds: [subnet-12345678]}]",
    ],
    [
      "snapshotPolicies[0].snapshotArn",
      "snapshot",
      SERVERLESS_SNAPSHOT_ARN,
      `snapshotPolicies: [{restorers: ["arn:aws:iam::444455556666:root"], snapshotArn: "${SERVERLESS_SNAPSHOT_ARN}"}]`,
    ],
    [
      "zeroEtlIntegrations[0].integrationName",
      "integration",
      "orders",
      'zeroEtlIntegrations: [{integrationName: orders, sourceArn: "arn:aws:dynamodb:us-east-1:111122223333:table/orders"}]',
    ],
  ])("refuses %s for two serverless warehouses", (path, what, name, settings) => {
    const fleet = ["one", "two"].map((name) => `${WAREHOUSE.replace("analytics", name)}    serverless: {}`).join("");
    expect(linesOf(`defaults: {serverless: {${settings}}}\nwarehouses:${fleet}`)).toStrictEqual([
      `w.yaml:1 defaults.serverless.${path} must not be the ${what} of several entries, got: ${name}`,
    ]);
  });

  test("refuses a role of a scheduled action that has the name of a user role to create", () => {
    const action =
      'scheduledActions: [{actionName: night, action: pause, schedule: "cron(0 20 ? * MON-FRI *)", roleName: Reader}]';
    const [entry] = text(action, "us-east-1").split("    users: ");
    expect(
      linesOf(`${entry}    users: [{roleName: Reader, trustedServices: [lambda.amazonaws.com]}]\n    cluster: {}\n`),
    ).toStrictEqual([
      "w.yaml:1 defaults.cluster.scheduledActions[0].roleName must not be the role of warehouses[0].users[0].roleName as well, got: Reader",
    ]);
  });
});

describe("a name that the entry does not give", () => {
  const cluster = (name: string, settings: string, region = "us-east-1"): string =>
    `${WAREHOUSE.replace("analytics", name).replace("us-east-1", region)}    cluster: {nodeType: ra3.large, ${settings}}`;
  const serverless = (name: string, settings: string): string =>
    `${WAREHOUSE.replace("analytics", name)}    serverless: {${settings}}`;
  const SUBNETS = "subnetIds: [subnet-12345678, subnet-87654321]";
  const action = 'scheduledActions: [{actionName: night, action: pause, schedule: "cron(0 20 ? * MON-FRI *)"}]';
  const subscription = (more: string) =>
    `eventSubscriptions: [{topicArn: "arn:aws:sns:us-east-1:111122223333:t"${more}}]`;

  test.each([
    [
      "the role of a scheduled action in another Region",
      cluster("one", action) + cluster("two", action, "eu-west-1"),
      "warehouses[1].cluster.scheduledActions[0].actionName must not be the role of " +
        "warehouses[0].cluster.scheduledActions[0].actionName as well, got: night",
    ],
    [
      "an event subscription",
      cluster("one", subscription(", subscriptionName: two-events")) + cluster("two", subscription("")),
      "warehouses[1].cluster.eventSubscriptions[0] must not be the event subscription of " +
        "warehouses[0].cluster.eventSubscriptions[0].subscriptionName as well, got: two",
    ],
    [
      "the final snapshot of a cluster",
      cluster("one", "manualSnapshots: [{snapshotIdentifier: two-final}]") + cluster("two", ""),
      "warehouses[1].name must not be the cluster snapshot of " +
        "warehouses[0].cluster.manualSnapshots[0].snapshotIdentifier as well, got: two",
    ],
    [
      "the snapshot schedule of a cluster",
      cluster("one", "snapshotSchedule: {identifier: two-snapshots, definitions: [rate(1 hour)]}") +
        cluster("two", "snapshotSchedule: {definitions: [rate(1 hour)]}"),
      "warehouses[1].cluster.snapshotSchedule must not be the snapshot schedule of " +
        "warehouses[0].cluster.snapshotSchedule.identifier as well, got: two",
    ],
    [
      "the prefix of a cluster's alarms",
      cluster("one", "alarms: {alarmNamePrefix: two}") + cluster("two", "alarms: {}"),
      "warehouses[1].name must not be the alarm name prefix of warehouses[0].cluster.alarms.alarmNamePrefix as well, got: two",
    ],
    [
      "the prefix of a workgroup's alarms",
      serverless("one", "alarms: {alarmNamePrefix: two, computeSeconds: 9}") +
        serverless("other", "workgroupName: two, alarms: {computeSeconds: 9}"),
      "warehouses[1].serverless.workgroupName must not be the alarm name prefix of " +
        "warehouses[0].serverless.alarms.alarmNamePrefix as well, got: two",
    ],
    [
      "the subnet group of an endpoint",
      cluster("one", `${SUBNETS}, endpoints: [{endpointName: one, ${SUBNETS}}]`),
      "warehouses[0].cluster.endpoints[0].endpointName must not be the subnet group of warehouses[0].name as well, got: one",
    ],
  ])("must be unique: %s", (_, entries, message) => {
    const [line] = linesOf(`warehouses:${entries}\n`);
    expect(line!.replace(/^\S+ /, "")).toBe(message);
  });

  test("may be the same for the alarms of a cluster and of a workgroup, which have different suffixes", () => {
    const entries =
      cluster("one", "clusterIdentifier: sales, alarms: {}") +
      serverless("two", "workgroupName: sales, alarms: {computeSeconds: 9}");
    expect(linesOf(`warehouses:${entries}\n`)).toStrictEqual([]);
  });

  test("is not used if the entry gives another name", () => {
    const named = [
      cluster("one", action) + cluster("two", action.replace("pause", "pause, roleName: other"), "eu-west-1"),
      cluster("one", subscription(", subscriptionName: two-events")) +
        cluster("two", subscription(", subscriptionName: events")),
      cluster("one", "manualSnapshots: [{snapshotIdentifier: two-final}]") +
        cluster("two", "finalSnapshotIdentifier: last"),
      cluster("one", "manualSnapshots: [{snapshotIdentifier: two-final}]") + cluster("two", "skipFinalSnapshot: true"),
      cluster("one", "alarms: {alarmNamePrefix: two}") + cluster("two", "alarms: {alarmNamePrefix: one}"),
      cluster("one", "snapshotSchedule: {identifier: two-snapshots, definitions: [rate(1 hour)]}") + cluster("two", ""),
      cluster("one", "alarms: {alarmNamePrefix: two}") + cluster("two", ""),
      cluster("one", `endpoints: [{endpointName: one, ${SUBNETS}}]`),
      cluster("one", `${SUBNETS}, endpoints: [{endpointName: one, subnetGroupName: clients}]`),
    ];
    expect(named.flatMap((entries) => linesOf(`warehouses:${entries}\n`))).toStrictEqual([]);
  });
});

describe("the defaults of the configuration", () => {
  const entry = (lines: string): string => `warehouses:\n  - {name: analytics, ${lines}}\n`;
  const warehouseWith = (defaults: string, lines: string): unknown =>
    fleetOf({ "w.yaml": `defaults: ${defaults}\n${entry(lines)}` }).configuration.warehouses[0];

  test.each<[string, string, string, object]>([
    ["apply to a key that the entry lacks", "{region: us-east-1}", "", { region: "us-east-1" }],
    ["give way to the value of the entry", "{region: us-east-1}", "region: eu-west-1", { region: "eu-west-1" }],
    ["merge maps, of any depth", "{tags: {a: x, b: y}}", "tags: {b: z}", { tags: { a: "x", b: "z" } }],
    ["replace lists", "{users: [A, B]}", "users: [C]", { users: ["C"] }],
    ["keep a value of a wrong type", "{tags: {a: x}}", "tags: 5", { tags: 5 }],
    [
      "of cluster and serverless apply to entries of their kind",
      "{cluster: {nodeType: ra3.large}, serverless: {port: 5439}}",
      "cluster: {numberOfNodes: 2}",
      { cluster: { nodeType: "ra3.large", numberOfNodes: 2 } },
    ],
    [
      "of a key to create do not apply to an entry with keyArn",
      "{administrators: [A], key: {deletionWindowInDays: 14}}",
      "key: {keyArn: K}",
      { key: { keyArn: "K" } },
    ],
    [
      "with keyArn do not apply to an entry with a key to create",
      "{administrators: [A], key: {keyArn: K}}",
      "key: {deletionWindowInDays: 14}",
      { administrators: ["A"], key: { deletionWindowInDays: 14 } },
    ],
    [
      "with keyArn apply to an entry without a key, without administrators",
      "{administrators: [A], key: {keyArn: K}}",
      "",
      { key: { keyArn: "K" } },
    ],
  ])("%s", (_, defaults, lines, expected) => {
    expect(warehouseWith(defaults, lines)).toStrictEqual({ name: "analytics", ...expected });
  });

  test.each<["dataApiEndpoints" | "keys" | "parameterGroups", readonly string[]]>([
    ["dataApiEndpoints", ["account", "region", "tags"]],
    ["keys", ["account", "administrators", "deployers", "key", "region", "tags"]],
    ["parameterGroups", ["account", "region", "tags"]],
  ])("of an entry of %s are exactly %j", (list, keys) => {
    const defaults = {
      account: "111122223333",
      administrators: ["A"],
      cluster: { nodeType: "ra3.large" },
      deployers: ["D"],
      key: { deletionWindowInDays: 14 },
      region: "us-east-1",
      serverless: {},
      tags: { a: "x" },
      users: ["U"],
    };
    const text = JSON.stringify({ [list]: [{ name: "entry" }], defaults, warehouses: [{ name: "analytics" }] });
    const [entry] = fleetOf({ "w.yaml": text }).configuration[list]!;
    const { name, ...taken } = entry as unknown as Readonly<Record<string, unknown>>;
    expect(name).toBe("entry");
    expect(taken).toStrictEqual(Object.fromEntries(keys.map((key) => [key, defaults[key as keyof typeof defaults]])));
  });

  test("of an account have precedence over the defaults of all accounts", () => {
    const accounts = `{"111122223333": {defaults: {region: eu-west-1, tags: {a: account}}}}`;
    const text = `accounts: ${accounts}\ndefaults: {account: "111122223333", region: us-east-1, tags: {a: all, b: all}}\n`;
    expect(fleetOf({ "w.yaml": text + entry("tags: {c: own}") }).configuration.warehouses[0]).toStrictEqual({
      account: "111122223333",
      name: "analytics",
      region: "eu-west-1",
      tags: { a: "account", b: "all", c: "own" },
    });
  });

  const rest = `administrators: [arn:aws:iam::111122223333:root], users: [arn:aws:iam::111122223333:role/R]`;
  test.each<[string, string, string[]]>([
    [
      "are reported once, at their line, if a value is wrong",
      `defaults: {region: us-est-1, ${rest}}
warehouses:
  - {name: a, account: "111122223333", serverless: {}}
  - {name: b, account: "111122223333", serverless: {}}
`,
      ["w.yaml:1 defaults.region must be an AWS region, got: us-est-1"],
    ],
    [
      "of an account are reported at their line if a value is wrong",
      `accounts:
  "111122223333":
    defaults: {serverless: {port: 1}}
defaults: {account: "111122223333", region: us-east-1, ${rest}}
warehouses: [{name: a, serverless: {}}]
`,
      [
        "w.yaml:3 accounts.111122223333.defaults.serverless.port must be a port from 5431 to 5455 or from 8191 to 8215, got: 1",
      ],
    ],
    [
      "are reported even if no entry takes the wrong value",
      `defaults: {regoin: x, cluster: {maxCapacity: 8, nodeType: large}}\n${VALID}`,
      [
        "w.yaml:1 defaults.cluster.nodeType must be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form, got: large",
        "w.yaml:1 defaults.cluster.maxCapacity must be left out, because only a serverless warehouse has this key: the section of a serverless warehouse is 'serverless'",
        "w.yaml:1 defaults.regoin is not a known key, did you mean region?",
      ],
    ],
    [
      "are not named in the problem of a list that the entry has",
      `defaults:
  users: [{roleName: R, trustedServices: [lambda.amazonaws.com]}]
${VALID.replace("role/ExampleUserRole", "user/me")}`,
      ["w.yaml:8 warehouses[0].users[0] must be the ARN of an IAM role, got: arn:aws:iam::111122223333:user/me"],
    ],
    [
      "do not hide a Region that the entry lacks",
      `defaults: {account: "111122223333", ${rest}}\nwarehouses:\n  - {name: a, serverless: {}}\n`,
      ["w.yaml:3 warehouses[0].region must be given"],
    ],
    [
      "may have no 'name', and those of an account no 'account'",
      `defaults: {name: a}\naccounts: {"111122223333": {defaults: {account: "111122223333"}}}\n${VALID}`,
      [
        "w.yaml:1 defaults.name must be left out, because every entry has its own, got: a",
        'w.yaml:2 accounts.111122223333.defaults.account must be left out, because these are the defaults of one account, got: "111122223333"',
      ],
    ],
    [
      "may not give two entries the same namespace name",
      `defaults: {account: "111122223333", region: us-east-1, serverless: {namespaceName: same}, ${rest}}
warehouses:
  - {name: a, serverless: {workgroupName: w-1}}
  - {name: b, serverless: {workgroupName: w-2}}
`,
      ["w.yaml:1 defaults.serverless.namespaceName must not be the namespace of several entries, got: same"],
    ],
    [
      "of an account require an account ID as key",
      `accounts: {prod: {}}\n${VALID}`,
      ["w.yaml:1 accounts.prod must be a 12-digit AWS account ID in quotes, got: prod"],
    ],
    [
      "of an account are allowed beside assumeRole, whose role must be in that account",
      `accounts:
  "111122223333":
    assumeRole: {roleArn: "arn:aws:iam::444455556666:role/Deployer", sessionName: "a b"}
${VALID}`,
      [
        "w.yaml:3 accounts.111122223333.assumeRole.sessionName must be 2 to 64 letters, digits or any of _+=,.@-, got: a b",
        "w.yaml:3 accounts.111122223333.assumeRole.roleArn must be a role of the account 111122223333, got: arn:aws:iam::444455556666:role/Deployer",
      ],
    ],
  ])("%s", (_, text, lines) => {
    expect(linesOf(text)).toStrictEqual(lines);
  });
});

describe("an entry of keys, or a warehouse that names one,", () => {
  const keys = (lines = ""): string => `keys:
  - name: shared
    account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:root]
    ${lines}
`;

  test("is accepted", () => {
    expect(linesOf(`${keys()}${VALID}    key: shared\n`)).toStrictEqual([]);
  });

  test("may have the alias that the warehouse would have by default", () => {
    expect(linesOf(`${keys("key: {alias: alias/analytics}")}${VALID}    key: shared\n`)).toStrictEqual([]);
  });

  test("gets only the defaults that apply to keys", () => {
    const defaults = `{account: "111122223333", region: us-east-1, administrators: [A], users: [U], tags: {a: x}, key: shared, serverless: {}}`;
    const { configuration } = fleetOf({
      "w.yaml": `defaults: ${defaults}\nkeys: [{name: shared}]\nwarehouses: [{name: a}]\n`,
    });
    expect(configuration.keys).toStrictEqual([
      { account: "111122223333", administrators: ["A"], name: "shared", region: "us-east-1", tags: { a: "x" } },
    ]);
    expect(configuration.warehouses).toStrictEqual([
      { account: "111122223333", key: "shared", name: "a", region: "us-east-1", tags: { a: "x" }, users: ["U"] },
    ]);
  });

  test.each<[string, string, string[]]>([
    [
      "is refused if no entry has the name",
      `${keys()}${VALID}    key: other\n`,
      ["w.yaml:14 warehouses[0].key must be the name of an entry of 'keys', got: other"],
    ],
    [
      "is refused with the similar name if the name is misspelled",
      `${keys()}${VALID}    key: shred\n`,
      ["w.yaml:14 warehouses[0].key must be the name of an entry of 'keys', got: shred, did you mean shared?"],
    ],
    [
      "is refused if the name has a capital",
      `${keys()}${VALID}    key: Shared\n`,
      [
        "w.yaml:14 warehouses[0].key must be a map, or the name of one of 'keys': 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: Shared",
      ],
    ],
    [
      "is refused if the name is an ARN",
      `${VALID}    key: arn:aws:kms:us-east-1:111122223333:key/1\n`,
      [
        "w.yaml:8 warehouses[0].key must be a map, or the name of one of 'keys': 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row; an ARN is given as keyArn, got: arn:aws:kms:us-east-1:111122223333:key/1",
      ],
    ],
    [
      "is refused if key and warehouse have the same name",
      `${keys()}${VALID.replace("analytics", "shared")}    key: shared\n`,
      ["w.yaml:8 warehouses[0].name must not be the name of keys[0].name as well, got: shared"],
    ],
    [
      "is refused if it has the same alias as a warehouse's own key",
      `${keys("key: {alias: alias/analytics}")}${VALID}`,
      ["w.yaml:8 warehouses[0].name must not be the key alias of keys[0].key.alias as well, got: alias/analytics"],
    ],
    [
      "is refused if the entry of keys names another entry",
      keys("key: other") + VALID,
      ["w.yaml:6 keys[0].key must be a map, got: other"],
    ],
  ])("%s", (_, text, lines) => {
    expect(linesOf(text)).toStrictEqual(lines);
  });
});

describe("several configuration files", () => {
  const other = VALID.replaceAll("analytics", "other");

  test("are one configuration", () => {
    const { configuration } = fleetOf({
      "a.yaml": VALID,
      "b.yaml": `defaultTags: {team: data}\n${other}`,
      "c.yaml": "defaults: {tags: {by: c}}\n",
      "empty.yaml": "",
    });
    expect(configuration.defaultTags).toStrictEqual({ team: "data" });
    expect(configuration.warehouses.map(({ name, tags }) => [name, tags])).toStrictEqual([
      ["analytics", { by: "c" }],
      ["other", { by: "c" }],
    ]);
  });

  test("require at least one warehouse in one of them", () => {
    expect(linesOf({ "a.yaml": "", "b.yaml": "defaultTags: {a: x}\nwarehouses: []\n" })).toStrictEqual([
      "b.yaml:2 warehouses must be a list of at least 1, got: []",
    ]);
    expect(linesOf({ "a.yaml": "", "b.yaml": "warehouses: {}\n" })).toStrictEqual([
      "b.yaml:1 warehouses must be a list, got: {}",
    ]);
    expect(linesOf({ "a.yaml": "", "b.yaml": "" })).toStrictEqual(["a.yaml:1 warehouses must be given"]);
  });

  test("report each problem with its file, in the order of files and lines", () => {
    expect(
      linesOf({
        "a.yaml": VALID,
        "b.yaml": `defaultTags: {a: 5}\n${other.replace("us-east-1", "us-est-1")}`,
        "c.yaml": `defaultTags: {a: x}\ndefaults: {region: us-est-1}\n${VALID}`,
        "d.yaml": "a text",
        "e.yaml": "warehouses: {}",
      }),
    ).toStrictEqual([
      "b.yaml:1 defaultTags.a must be a string; put a number or a yes/no in quotes, got: 5",
      "b.yaml:5 warehouses[0].region must be an AWS region, got: us-est-1",
      "c.yaml:1 defaultTags must be in one file only, and is in b.yaml as well",
      "c.yaml:2 defaults.region must be an AWS region, got: us-est-1",
      "c.yaml:4 warehouses[0].name must not be the name of warehouses[0].name in a.yaml as well, got: analytics",
      "d.yaml:1 must be a map, got: a string",
      "e.yaml:1 warehouses must be a list, got: {}",
    ]);
  });
});

test("the configuration reports all problems at once, in the order of their lines", () => {
  const text = `warehouses:
  - name: A
    account: "1"
    region: us-est-1
    administrators: []
    users: [x]
    serverless: {port: 1, trackName: ""}
  - name: A
`;
  expect(linesOf(text).map((line) => line.split(" ").slice(0, 2).join(" "))).toStrictEqual([
    "w.yaml:2 warehouses[0].name",
    "w.yaml:3 warehouses[0].account",
    "w.yaml:4 warehouses[0].region",
    "w.yaml:5 warehouses[0].administrators",
    "w.yaml:6 warehouses[0].users[0]",
    "w.yaml:7 warehouses[0].serverless.port",
    "w.yaml:7 warehouses[0].serverless.trackName",
    "w.yaml:8 warehouses[1].name",
    "w.yaml:8 warehouses[1].account",
    "w.yaml:8 warehouses[1].region",
    "w.yaml:8 warehouses[1].users",
    "w.yaml:8 warehouses[1].administrators",
    "w.yaml:8 warehouses[1]",
    "w.yaml:8 warehouses[1].name",
  ]);
});

test("the configuration accepts 300 uses of one anchor", () => {
  const fleet = Array.from({ length: 300 }, (_, index) =>
    WAREHOUSE.replace("analytics", `w${index}`).replace(
      /users: .*/,
      index === 0 ? "users: &users [arn:aws:iam::111122223333:role/R]" : "users: *users",
    ),
  );
  expect(linesOf(`warehouses:${fleet.map((entry) => `${entry}    serverless: {}`).join("")}`)).toStrictEqual([]);
});

describe("a configuration file with aliases", () => {
  const LIMITS = "w.yaml must have at most 1000000 values, at most 100 deep: each use of an alias counts again";
  const read = (text: string) => () => new ConfigurationFile("w.yaml", text);
  const nested = (depth: number, innermost: string) => "[".repeat(depth) + innermost + "]".repeat(depth);
  const listOf = (size: number, item: string) => `[${Array(size).fill(item).join(", ")}]`;
  /** The anchor has 50 lists within each other. The map and the other lists are around its alias. */
  const yamlOfDepth = (depth: number) => `a: &a ${nested(50, "x")}\nb: ${nested(depth - 51, "*a")}\n`;
  /** 999,003 values, and `more` values. */
  const yamlOfSize = (more: number) => `a: &a ${listOf(999, "x")}\nb: ${listOf(998, "*a")}\nc: ${listOf(more, "x")}\n`;

  test("is accepted up to a depth of 100 and a million values", () => {
    expect(read(yamlOfDepth(100))).not.toThrow();
    expect(read(yamlOfSize(997))).not.toThrow();
  });

  test("is refused beyond a depth of 100 or a million values", () => {
    expect(read(yamlOfDepth(101))).toThrow(new ConfigurationError([LIMITS]));
    expect(read(yamlOfSize(998))).toThrow(new ConfigurationError([LIMITS]));
  });
});

describe("Fleet.load", () => {
  test("reads a file, also with a space in its name", () => {
    const directory = mkdtempSync(join(tmpdir(), "configuration-"));
    try {
      const file = join(directory, "w.yaml");
      writeFileSync(file, VALID);
      expect(Fleet.load(file).configuration.warehouses).toHaveLength(1);
      writeFileSync(join(directory, "with space.yaml"), VALID);
      expect(Fleet.load(join(directory, "with space.yaml")).problems).toStrictEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("reads each file of the names and sorted patterns once, and no file in node_modules", () => {
    const directory = mkdtempSync(join(tmpdir(), "configuration-"));
    const before = process.cwd();
    try {
      process.chdir(directory);
      for (const name of ["teams/b/w.yaml", "teams/a/w.yaml", "teams/a/node_modules/w.yaml", "z.yaml"]) {
        mkdirSync(dirname(name), { recursive: true });
        writeFileSync(name, VALID.replace("analytics", name.replace(/\W+/g, "-")));
      }
      const names = (where: string) => Fleet.load(where).configuration.warehouses.map(({ name }) => name);
      expect(names("z.yaml  teams/**/*.yaml teams/a/w.yaml")).toStrictEqual([
        "z-yaml",
        "teams-a-w-yaml",
        "teams-b-w-yaml",
      ]);
      for (const pattern of ["teams/**/*.yml", "teams/{a,b}"]) {
        expect(() => Fleet.load(`z.yaml ${pattern}`)).toThrow(
          new ConfigurationError([`WAREHOUSES must match at least one file, got: ${pattern}`]),
        );
      }
    } finally {
      process.chdir(before);
      rmSync(directory, { recursive: true });
    }
  });

  test("refuses a symbolic link that a pattern matches and that leads out of its folder", () => {
    const directory = mkdtempSync(join(tmpdir(), "configuration-"));
    try {
      mkdirSync(join(directory, "teams", "data"), { recursive: true });
      writeFileSync(join(directory, "teams", "data", "w"), VALID);
      symlinkSync(join("data", "w"), join(directory, "teams", "w.yaml"));
      expect(Fleet.load(join(directory, "teams", "*.yaml")).problems).toStrictEqual([]);
      const secret = join(directory, "token");
      writeFileSync(secret, "ghs_s3cr3t");
      const link = join(directory, "teams", "x.yaml");
      symlinkSync(join("..", "token"), link);
      expect(() => Fleet.load(join(directory, "teams", "*.yaml"))).toThrow(
        new ConfigurationError([
          `${relative(process.cwd(), link)} must not be a link to a file outside ${directory}/teams/: name that file in WAREHOUSES`,
        ]),
      );
      const named = Fleet.load(secret);
      expect(named.error(named.problems).message).toBe(`${secret}:1 must be a map, got: a string`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("refuses bytes that are not UTF-8, and an empty list of names", () => {
    const directory = mkdtempSync(join(tmpdir(), "configuration-"));
    try {
      const file = join(directory, "w.yaml");
      writeFileSync(file, Buffer.from(VALID.replace("analytics", "caf\xe9"), "latin1"));
      expect(() => Fleet.load(file)).toThrow(new ConfigurationError([`${file}:2 cannot be read: it must be UTF-8`]));
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(() => Fleet.load(" ")).toThrow(new ConfigurationError(['WAREHOUSES must name at least one file, got: " "']));
  });

  test("refuses a directory", () => {
    expect(() => Fleet.load(__dirname)).toThrow(
      new ConfigurationError([`${__dirname} cannot be read: it is a directory (${__dirname})`]),
    );
  });

  test("refuses a file that the user may not read", () => {
    jest.spyOn(fs, "readFileSync").mockImplementationOnce(() => {
      throw Object.assign(new Error("EACCES: permission denied, open"), { code: "EACCES" });
    });
    expect(() => Fleet.load("w.yaml")).toThrow(
      new ConfigurationError([`w.yaml cannot be read: this user may not read it (${resolve("w.yaml")})`]),
    );
  });

  test("reports another system error by its code", () => {
    const file = "w".repeat(300);
    expect(() => Fleet.load(file)).toThrow(
      new ConfigurationError([`${file} cannot be read: ENAMETOOLONG (${resolve(file)})`]),
    );
  });

  test("refuses a file that does not exist", () => {
    expect(() => Fleet.load("no-such.yaml")).toThrow(
      new ConfigurationError([`no-such.yaml cannot be read: there is no such file (${resolve("no-such.yaml")})`]),
    );
  });
});
