import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { ROOT } from "../support/paths";
import { ADOPTION, blocks } from "../support/readme";
import { fleetOf, synthesize } from "../support/support";
import { CONFIGURATION_PART, messages, PLAN_PART } from "../support/troubleshooting";

/** The messages that the emulator cannot give: the reason, and the source of the text. */
const NOT_REPRODUCED: readonly (readonly [start: string, reason: string, source: string])[] = [
  [
    "AccessDeniedException: Access to KMS is not allowed",
    "the emulator does not decrypt secrets with their key",
    "https://repost.aws/knowledge-center/secrets-manager-cross-account-key",
  ],
  [
    "AccessDeniedException: User: <role> is not authorized to perform: redshift-data:ExecuteStatement on resource: <warehouse> because no VPC",
    "requests reach the emulator without an endpoint of a VPC",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
  ],
  [
    "ERROR: permission denied for relation",
    "the emulator has no database",
    "https://github.com/awslabs/amazon-redshift-utils/issues/718",
  ],
  [
    "ERROR: permission denied for schema",
    "the emulator has no database",
    "https://github.com/awslabs/amazon-redshift-utils/pull/638",
  ],
  [
    'ERROR: relation "<table>" does not exist',
    "the emulator has no database",
    "https://repost.aws/knowledge-center/redshift-identify-data-api-errors",
  ],
  [
    'FATAL: user "<user>" does not exist',
    "the emulator has no database",
    "https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html",
  ],
  [
    "Packet for query is too large",
    "the emulator has no limit of rows",
    "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-troubleshooting.html",
  ],
  [
    "Database response exceeded size limit",
    "the emulator has no limit of results",
    "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-troubleshooting.html",
  ],
  [
    "Error: Could not retrieve providers for locking",
    "it is Terraform's, without access to the registry",
    "https://developer.hashicorp.com/terraform/cli/commands/providers/lock",
  ],
  [
    "Instance cannot be destroyed",
    "it is Terraform's: the tests of warehouses in the deploy lane expect it",
    "https://developer.hashicorp.com/terraform/language/meta-arguments#prevent_destroy",
  ],
];

const ENTRY = "account: '111122223333', region: us-east-1, users: [arn:aws:iam::111122223333:role/Reader]";
const ADMINISTRATORS = "administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole]";
/** Configurations that are refused. */
const REFUSED = [
  `{warehouses: [{name: orders, ${ENTRY}, serverless: {}}]}`,
  `{warehouses: [
    {name: sales, ${ENTRY}, ${ADMINISTRATORS}, cluster: {nodeType: ra3.large}},
    {name: orders, ${ENTRY}, ${ADMINISTRATORS}, key: {alias: alias/sales}, serverless: {}}]}`,
  `{warehouses: [{name: sales, account: '111122223333', region: us-east-1, ${ADMINISTRATORS}, cluster: {nodeType: ra3.large}, users: [
    {roleName: Reader, trustedServices: [lambda.amazonaws.com], databaseUser: reader,
     secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:reader-a1b2c3"}]}]}`,
];

test("docs/troubleshooting.md marks exactly the messages of NOT_REPRODUCED", () => {
  const marked = messages().filter(({ isMarked }) => isMarked);
  const unlisted = marked.filter(({ text }) => !NOT_REPRODUCED.some(([start]) => text.startsWith(start)));
  const needless = NOT_REPRODUCED.filter(([start]) => !marked.some(({ text }) => text.startsWith(start)));
  expect({ needless, unlisted }).toStrictEqual({ needless: [], unlisted: [] });
});

test("docs/troubleshooting.md has exactly the messages of three refused configurations", () => {
  const shown = messages().filter(({ part }) => part === CONFIGURATION_PART);
  const printed = REFUSED.flatMap((text) => {
    try {
      fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..");
    } catch (error) {
      return (error as Error).message.split("\n");
    }
    return [];
  });
  expect(printed).toHaveLength(shown.length);
  const unprinted = shown.filter(({ pattern }) => !printed.some((line) => pattern.test(line)));
  expect(unprinted.map(({ text }) => text)).toStrictEqual([]);
});

test("docs/troubleshooting.md has exactly the messages of the plan conditions of its examples", () => {
  const texts = [readFileSync(join(ROOT, "warehouses.yaml"), "utf8"), blocks("yaml", ADOPTION)[0]!];
  const stacks = texts.flatMap((text) => fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../.."));
  const printed = [...JSON.stringify(stacks.map(synthesize)).matchAll(/"error_message":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text]) => JSON.parse(text!) as string,
  );
  const shown = messages().filter(({ part }) => part === PLAN_PART);
  const unprinted = shown.filter(({ pattern }) => !printed.some((text) => pattern.test(text)));
  const unshown = printed.filter((text) => !shown.some(({ pattern }) => pattern.test(text)));
  expect({ unprinted: unprinted.map(({ text }) => text), unshown }).toStrictEqual({ unprinted: [], unshown: [] });
});
