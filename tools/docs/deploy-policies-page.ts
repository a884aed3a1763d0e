// Writes docs/deploy-policies.md: the IAM policies that a deployment requires.
//
//     npm run docs:deploy
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { deployPolicy } from "../../app/cli/deploy-policy";
import { makeApp } from "../../app/cli/synthesis";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import { type Calls, RESOURCE_CALLS } from "../../app/deployment/deployment-calls";
import { fleetStacks } from "../../app/stacks/fleet-stacks";

const ROOT = join(__dirname, "..", "..");
export const PAGE = join(ROOT, "docs", "deploy-policies.md");

/** The configuration of the kinds of stacks that the shipped configuration lacks. */
const OTHERS = `keys:
  - name: shared
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole]
    deployers: [arn:aws:iam::111122223333:role/ExampleDeployer]
defaults:
  account: "111122223333"
  region: us-east-1
  users: [arn:aws:iam::111122223333:role/ExampleUserRole]
dataApiEndpoints:
  - name: endpoint
    vpcId: vpc-0123456789abcdef0
    subnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
parameterGroups:
  - name: parameter-group
warehouses:
  - name: under-shared-key
    key: shared
    serverless: {}
  - name: under-existing-key
    key: {keyArn: "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"}
    serverless: {}
  - name: under-key-of-another-account
    key: {keyArn: "arn:aws:kms:us-east-1:444455556666:key/12345678-1234-1234-1234-123456789012"}
    cluster: {nodeType: ra3.large}
  - name: existing-cluster
    key: {keyArn: "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"}
    existing: {clusterIdentifier: sales}
  - name: existing-workgroup
    key: {keyArn: "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"}
    existing: {workgroupName: orders}
  - name: left-to-iam
    administrators: [arn:aws:iam::111122223333:root]
    serverless: {}
`;

const KINDS: readonly (readonly [stack: string, heading: string])[] = [
  ["analytics-cluster", "A cluster with its own key"],
  ["analytics-serverless", "A serverless warehouse with its own key"],
  ["shared", "A key that warehouses share"],
  ["under-shared-key", "A warehouse under a shared key"],
  ["under-existing-key", "A warehouse under an existing key"],
  ["under-key-of-another-account", "A warehouse under a key of another account"],
  ["existing-cluster", "An existing cluster"],
  ["existing-workgroup", "An existing workgroup"],
  ["endpoint", "An endpoint of the Data API"],
  ["parameter-group", "A parameter group that clusters share"],
];

const INTRODUCTION = `# The policies of deployers

<!-- npm run docs:deploy writes this page. -->

A role that deploys a stack needs the first of its two policies. A role that only plans it, such as one for pull requests, needs the
second. A command prints both for any stack of the configuration:

\`\`\`sh
npm run deploy-policy -- analytics-cluster
npm run deploy-policy -- analytics-cluster --read-only
\`\`\`

A resource whose ID AWS assigns has an asterisk in its ARN. A managed policy takes at most 6,144 characters, and the inline policies of
a role take 10,240.

## Not in the policies

A policy covers the resources that the stack has in the configuration now. It does not cover:

- **Removed parts.** A role, an add-on or a name that an entry no longer has is not in the new policy, and Terraform must still destroy
  it. Print the policy before the change. Keep it beside the new policy until the deployment has run. Print the policy again for each
  new role, add-on or name.
- **Former Regions.** Terraform reads and destroys the resources of a stack in its \`formerRegions\`, such as a replica of the key. Keep the
  policy from before the move until that deployment has run.
- **Deleted stacks.** \`cdktf destroy\` needs the policy of the stack. Print it before you remove the entry.
- **A role to assume.** If [\`accounts\`](configuration.md#many-warehouses) names one, that role needs the policy, and the caller needs
  \`sts:AssumeRole\` on it. The same action on the role of \`dataApiProof\` lets the deployer run the proof.
- **The state.** The S3 backend needs
  [permissions of its own](https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required).
- **Other policies.** A service control policy, a permissions boundary or the key policy of another account can deny an action that is
  in the policy.

## Keys

The key policy and IAM decide about a key together:

- **A key that a stack creates.** Its policy lets its administrators do everything with it, so the policies here have only
  \`kms:TagResource\`, which KMS requires for a key that is created with tags. An administrator that is the account root leaves the
  decision to IAM. The policies then have the actions on the key ([the statements](#a-key-that-leaves-the-decision-to-iam)).
- **A shared or existing key.** Name the deployer in \`deployers\` of the key, or have the account root administer it. The policies here
  have the actions on the key, for the case that its policy leaves the decision to IAM.
- **A key of another account.** Its policy and the deployer's policy must both allow the actions.

A plan of a stack with its own key fails if its caller is no administrator of the key. A plan under a shared key fails if its caller is
no administrator, deployer or user of it. So a role that only plans requires the account root among the administrators. Under a shared
key, an entry in \`deployers\` lets it plan, too; that entry also lets it use the key.`;

const CALLS_OF_TYPES = `## Actions of each resource type

For a program that uses the constructs: a stack needs the actions of each of its resources. A name in braces is an argument of the
resource, and \`{partition}\`, \`{region}\` and \`{account}\` are those of its provider. A role that only plans needs the rows with "yes".

| resource | actions | on | only if it has | condition | to plan |
| --- | --- | --- | --- | --- | --- |`;

/** Returns the text of docs/deploy-policies.md. */
export function deployPoliciesPage(): string {
  const shipped = ConfigurationFile.load(join(ROOT, "warehouses.yaml"));
  const stacks = new Map(
    [shipped, new ConfigurationFile("others.yaml", OTHERS)]
      .flatMap((file) => fleetStacks(makeApp(), new Fleet([file]), "../../.."))
      .map((stack) => [stack.node.id, stack]),
  );
  return [
    INTRODUCTION,
    `### A key that leaves the decision to IAM\n\nTo deploy, and to plan:\n\n${policies(stacks.get("left-to-iam")!, ":key/")}`,
    `## Policies\n\nThe first two are for the shipped [\`warehouses.yaml\`](../warehouses.yaml), the others for this configuration:`,
    `\`\`\`yaml\n${OTHERS}\`\`\``,
    ...KINDS.map(
      ([name, heading]) => `### ${heading}\n\nTo deploy \`${name}\`, and to plan it:\n\n${policies(stacks.get(name)!)}`,
    ),
    `## Actions that few deployments need\n\n| action | reason |\n| --- | --- |\n${seldomRows().join("\n")}`,
    `${CALLS_OF_TYPES}\n${typeRows().join("\n")}\n`,
  ].join("\n\n");
}

/** Returns the policies that a deployment and a plan of a stack require, with only the statements whose ARNs contain `part`. */
function policies(stack: TerraformStack, part = ""): string {
  return [false, true]
    .map((readOnly) => {
      const policy = JSON.parse(deployPolicy(stack, { readOnly })) as { Statement: readonly { Resource: unknown }[] };
      const Statement = policy.Statement.filter(({ Resource }) => JSON.stringify(Resource).includes(part));
      return `\`\`\`json\n${JSON.stringify({ ...policy, Statement }, undefined, 2)}\n\`\`\``;
    })
    .join("\n\n");
}

function seldomRows(): readonly string[] {
  const calls: readonly Calls[] = Object.values(RESOURCE_CALLS).flat();
  const rows = calls.flatMap(({ actions, on, seldom }) =>
    seldom === undefined
      ? []
      : [
          `| ${actions.map((action) => `\`${action}\``).join(", ")}${on?.includes("role/") ? ` on \`${on.split("/").at(-1)}\`` : ""} | ${seldom} |`,
        ],
  );
  return [...new Set(rows)];
}

/** Returns the rows of a table: for each type of resource, the IAM actions that it needs. */
function typeRows(): readonly string[] {
  return Object.entries(RESOURCE_CALLS).flatMap(([type, calls]) =>
    calls.map(({ actions, condition, ifSet, isRead, on, onKey }) => {
      const target = onKey === "self" ? "the key itself" : onKey === undefined ? code(on) : `the key of ${code(onKey)}`;
      const cells = [
        actions.map(code).join(", "),
        target,
        code(ifSet),
        code(condition?.join(" ")),
        isRead ? "yes" : "",
      ];
      return `| ${[code(type), ...cells].join(" | ")} |`;
    }),
  );
}

function code(text: string | undefined): string {
  return text === undefined ? "" : `\`${text}\``;
}

if (require.main === module) {
  writeFileSync(PAGE, deployPoliciesPage());
}
