import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Testing } from "cdktf";
import { dump, load } from "js-yaml";
import { list } from "../../app/cli/list";
import { ConfigurationError } from "../../app/config/configuration-file";
import { SCHEMA } from "../../app/config/schema";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { readForbiddenGain, readReference } from "../../review/cli/promises";
import { readPlan } from "../../review/plan/read-plan";
import { textOf } from "../../review/render/text";
import { review as reviewOf } from "../../review/report/report";
import { RULES } from "../../review/rules";
import contexts from "../golden/encryption-contexts.json";
import golden from "../golden/key-policy.json";
import { inProcess } from "../support/in-process";
import { PLANS, ROOT } from "../support/paths";
import {
  ADOPTION,
  blocks,
  CONFIGURATION,
  DATABASE_ROLES,
  DEPLOY,
  DEVELOP,
  KEY_POLICY,
  PLAN_REVIEW,
  README,
  REVIEW_IN_CI,
  RUNBOOK,
  SERVERLESS_RUNBOOK,
} from "../support/readme";
import { fleetOf, only, statementsOf, type Synthesized, synthesize } from "../support/support";

const SHIPPED = readFileSync(join(ROOT, "warehouses.yaml"), "utf8");
function stacksOf(text: string): Synthesized[] {
  return fleetStacks(Testing.app(), fleetOf({ "warehouses.yaml": text }), "../../..").map(synthesize);
}

const [cluster] = stacksOf(SHIPPED);
const CLUSTER = { tfResourceType: "aws_redshift_cluster" };
const KEY = { tfResourceType: "aws_kms_key" };
const CONFIGURATIONS = blocks("yaml", CONFIGURATION);
const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

test("the first example of docs/configuration.md synthesizes with three role policies", () => {
  const [synthesized] = stacksOf(CONFIGURATIONS[0]!);
  expect(Object.values(synthesized!.resource.aws_iam_role_policy!)).toHaveLength(3);
});

test("the --forbid command and the --reference command of docs/plan-review.md each find a broken promise", () => {
  const files: Readonly<Record<string, string>> = {
    "key-policy.json": JSON.stringify({ Statement: golden.statements }),
    "plan.json": readFileSync(join(PLANS, "second-user", "after.plan.json"), "utf8"),
  };
  const lines = blocks("sh", PLAN_REVIEW)
    .join("\n")
    .match(/^npx --no redshift-kms review .*--(?:forbid|reference) .*$/gm)!;
  const broken = lines.map((line) => {
    const [, ...words] = line.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, ""));
    const { forbid, reference } = parseArgs({
      allowPositionals: true,
      args: words.slice(3),
      options: {
        forbid: { default: [], multiple: true, type: "string" },
        reference: { default: [], multiple: true, type: "string" },
      },
    }).values;
    const read = (file: string): string => files[file] ?? files["key-policy.json"]!;
    const { findings } = reviewOf(readPlan(files["plan.json"]!, "plan.json"), [], {
      forbidden: forbid.map(readForbiddenGain),
      references: reference.map((text) => readReference(text, read)),
    });
    return [...new Set(findings.map(({ rule }) => rule))];
  });
  expect(broken).toStrictEqual([["promise-forbidden-action"], ["promise-beyond-reference"]]);
});

test("the npx commands of pages run cdktf, or have --no", () => {
  const commands = [README, CONFIGURATION, DEPLOY, DEVELOP, PLAN_REVIEW, REVIEW_IN_CI, RUNBOOK].flatMap(
    (text) => text.match(/npx [^`\n]*/g) ?? [],
  );
  expect(commands.length).toBeGreaterThan(8);
  // HashiCorp has the name cdktf on the public registry; nobody has the other one.
  expect(commands.filter((command) => !/^npx (cdktf|--no redshift-kms review)\b/.test(command))).toStrictEqual([]);
});

test(".gitignore has the output files of the commands in pages", () => {
  const ignored = readFileSync(join(ROOT, ".gitignore"), "utf8").split("\n");
  const outputs = [README, PLAN_REVIEW, RUNBOOK].flatMap((text) =>
    [...text.matchAll(/(?:-out=|> )([\w.-]+\.(?:json|md|out|sarif))\b/g)].map(([, file]) => file!),
  );
  expect(new Set(outputs)).toContain("plan.out");
  expect(outputs.filter((file) => !ignored.includes(file))).toStrictEqual([]);
  expect(ignored).toEqual(expect.arrayContaining(["*.tfplan", "*.tfstate", "*.tfvars", "*.tfvars.json", "crash.log"]));
});

test("docs/review-rules.md lists each rule with its severity and title, in order", () => {
  const rows = RULES.map(({ id, see, severity, title }) => `| [${id}](${see}) | ${severity} | ${title} |`);
  const listed = readFileSync(join(ROOT, "docs", "review-rules.md"), "utf8").match(/^\| \[.*$/gm);
  expect(listed?.map((row) => row.replace(/ +/g, " "))).toStrictEqual(rows);
});

test("the example of many warehouses synthesizes a stack for each, with its Region and tags", () => {
  const stacks = stacksOf(CONFIGURATIONS[1]!);
  expect(stacks.map(({ provider }) => provider.aws![0]!.region as string)).toStrictEqual([
    "us-east-1",
    "eu-west-1",
    "us-east-1",
  ]);
  expect(stacks.map(({ provider }) => (provider.aws![0]!.default_tags as { tags: object }[])[0]!.tags)).toContainEqual({
    residency: "eu",
    team: "data",
  });
  expect(stacks.map(({ resource }) => "aws_redshift_cluster" in resource)).toStrictEqual([true, true, false]);
});

test("the examples of other Regions synthesize with a snapshot copy, and with a former Region", () => {
  const text = CONFIGURATIONS[2]!;
  const [synthesized] = stacksOf(text);
  expect(only(synthesized!, { tfResourceType: "aws_redshift_snapshot_copy" }).retention_period).toBe(14);
  const { warehouses } = load(text) as { warehouses: [{ cluster: object }] };
  const { cluster, ...entry } = warehouses[0] as { cluster: { nodeType: string } };
  const former = load(CONFIGURATIONS[3]!) as object;
  const [left] = stacksOf(
    dump({ warehouses: [{ ...entry, ...former, cluster: { nodeType: cluster.nodeType }, key: {} }] }),
  );
  expect(left!.provider).toMatchObject({ aws: [{}, { alias: "eu-west-1" }, {}] });
});

test("the example of a shared key synthesizes a key stack, and two stacks that look it up", () => {
  const [key, ...warehouses] = stacksOf(CONFIGURATIONS[4]!);
  expect(only(key!, KEY).rotation_period_in_days).toBe(180);
  const lookups = warehouses.map(({ data }) => Object.values(data.aws_kms_key!).map(({ key_id }) => key_id as string));
  expect(lookups).toStrictEqual([["alias/sales-key"], ["alias/sales-key"]]);
});

test("the example of a key of another account synthesizes no key, and IAM permissions on the key", () => {
  const [sales] = stacksOf(CONFIGURATIONS[5]!);
  expect(sales!.resource).not.toHaveProperty("aws_kms_key");
  const { policy } = only(sales!, { tfResourceType: "aws_iam_role_policy" });
  expect(statementsOf(policy as string).at(-1)!.Resource).toContain(":444455556666:key/");
  expect(sales!.output.required_key_policy_statements!.value).toHaveLength(4);
});

test("the example of a shared parameter group synthesizes three stacks, and the table below it has every key", () => {
  const [group, ...clusters] = stacksOf(CONFIGURATIONS[6]!);
  expect(Object.keys(group!.resource)).toStrictEqual(["aws_redshift_parameter_group"]);
  expect(clusters.map((stack) => only(stack, CLUSTER).cluster_parameter_group_name as string)).toStrictEqual([
    "standard",
    "standard",
  ]);
  expect(Object.keys(group!.output)).toStrictEqual(["parameter_group_name"]);
  expect(keysInTable("## A parameter group that clusters share")).toStrictEqual(
    Object.keys(SCHEMA.entries.parameterGroups.wrapped.item.entries).sort(),
  );
});

test("the example of a Data API endpoint synthesizes a stack for the endpoint, and the table below it has every key", () => {
  const [orders, endpoint] = stacksOf(CONFIGURATIONS[7]!);
  expect(orders!.resource).toHaveProperty("aws_redshiftserverless_workgroup");
  expect(Object.keys(endpoint!.resource)).toStrictEqual(["aws_vpc_endpoint"]);
  expect(Object.keys(endpoint!.output).sort()).toStrictEqual(["dns_name", "vpc_endpoint_id"]);
  expect(keysInTable("## Endpoints of the Data API")).toStrictEqual(
    Object.keys(SCHEMA.entries.dataApiEndpoints.wrapped.item.entries).sort(),
  );
});

/** The keys in the table of a section. */
function keysInTable(section: string): (string | undefined)[] {
  const [, table] = CONFIGURATION.split(section);
  const rows = [...table!.split("\n## ")[0]!.matchAll(/^\| (`.*?`) +\|/gm)];
  return rows.flatMap(([, keys]) => keys!.match(/\w+/g) ?? []).sort();
}

test("the example of a warehouse with add-ons synthesizes the resources of the add-ons", () => {
  const [orders] = stacksOf(CONFIGURATIONS[8]!);
  expect(Object.keys(orders!.resource)).toStrictEqual(
    expect.arrayContaining([
      "aws_cloudwatch_log_group",
      "aws_cloudwatch_metric_alarm",
      "aws_redshift_scheduled_action",
      "aws_redshift_snapshot_schedule",
      "aws_redshift_usage_limit",
      "aws_sns_topic_subscription",
    ]),
  );
});

test("the example of an import synthesizes import blocks for a key and a cluster", () => {
  const [sales] = stacksOf(CONFIGURATIONS[11]!);
  const { import: blocks } = sales as unknown as { readonly import: readonly { readonly id: string }[] };
  expect(blocks.map(({ id }) => id)).toStrictEqual(["1234abcd-12ab-34cd-56ef-1234567890ab", "sales"]);
});

test("the example of permission sets synthesizes lookups, no policy, and the output user_policies", () => {
  const [sales] = stacksOf(CONFIGURATIONS[9]!);
  expect(Object.keys(sales!.data.aws_iam_roles!)).toHaveLength(2);
  expect(sales!.resource).not.toHaveProperty("aws_iam_role_policy");
  expect(sales!.output).toHaveProperty("user_policies");
});

test("the example of federated users synthesizes roles with OIDC, SAML and principal trusts", () => {
  const [analytics] = stacksOf(CONFIGURATIONS[10]!);
  const trusts = Object.values(analytics!.resource.aws_iam_role!).map((role) =>
    statementsOf(role.assume_role_policy as string).map(({ Sid }) => Sid as string),
  );
  expect(trusts).toStrictEqual([
    ["AllowOidcUsers1"],
    ["AllowOidcUsers1"],
    ["AllowPrincipals1", "AllowSamlUsers1", "AllowSessionTags1", "AllowSourceIdentity1"],
  ]);
});

test("the example of database roles synthesizes an output with the SQL of the roles", () => {
  const [sales] = stacksOf(CONFIGURATIONS.at(-1)!);
  expect(sales!.output.database_roles_sql!.value).toStrictEqual([
    'CREATE USER "IAMR:Analyst" PASSWORD DISABLE',
    'CREATE ROLE "reporting"',
    'GRANT USAGE ON SCHEMA "orders" TO ROLE "reporting"',
    'GRANT SELECT ON ALL TABLES IN SCHEMA "orders" TO ROLE "reporting"',
    'ALTER DEFAULT PRIVILEGES FOR USER "loader" IN SCHEMA "orders" GRANT SELECT ON TABLES TO ROLE "reporting"',
    'GRANT ROLE "reporting" TO "IAMR:Analyst"',
  ]);
});

test("docs/database-roles.md has the SQL that its example synthesizes", () => {
  const [sales] = stacksOf(blocks("yaml", DATABASE_ROLES)[0]!);
  const statements = sales!.output.database_roles_sql!.value as readonly string[];
  expect(statements.map((statement) => `${statement};\n`).join("")).toBe(blocks("sql", DATABASE_ROLES)[0]);
});

test("the example of existing warehouses synthesizes lookups and add-ons, and no warehouse", () => {
  const [sales, orders] = stacksOf(blocks("yaml", ADOPTION)[0]!);
  expect(Object.keys(sales!.data)).toStrictEqual(["aws_redshift_cluster"]);
  expect(sales!.resource).toHaveProperty("aws_cloudwatch_metric_alarm");
  expect(sales!.resource).not.toHaveProperty("aws_redshift_cluster");
  expect(Object.keys(orders!.data)).toStrictEqual([
    "aws_redshiftserverless_namespace",
    "aws_redshiftserverless_workgroup",
  ]);
  expect(Object.keys(orders!.resource)).toStrictEqual(["aws_iam_role_policy", "aws_redshiftserverless_usage_limit"]);
});

test("the table of add-ons has the right kinds for each key", () => {
  const { cluster, serverless } = SCHEMA.entries.warehouses.item.entries;
  const keys = [...Object.keys(cluster.wrapped.entries), ...Object.keys(serverless.wrapped.entries)];
  const [, table] = CONFIGURATION.split("## Add-ons of a warehouse");
  const rows = [...table!.split("\n## ")[0]!.matchAll(/^\| `(\w+)` +\| (\w+) /gm)];
  expect(rows).not.toHaveLength(0);
  for (const [, key, kind] of rows) {
    expect(keys.filter((name) => name === key)).toHaveLength(kind === "both" ? 2 : 1);
  }
});

test.each([
  ["a cluster", RUNBOOK.replace(SERVERLESS_RUNBOOK, ""), 0],
  ["a serverless warehouse", SERVERLESS_RUNBOOK, 1],
])("each setting of the runbook for %s synthesizes", (_, text, index) => {
  const { warehouses } = load(SHIPPED) as { warehouses: object[] };
  const settings = blocks("yaml", text).map((block) => load(block) as object);
  expect(settings).not.toHaveLength(0);
  for (const more of settings) {
    expect(stacksOf(dump({ warehouses: [{ ...warehouses[index], ...more }] }))).toHaveLength(1);
  }
});

test("docs/key-policy.md shows the key policy of the shipped cluster", () => {
  const shown = JSON.parse(blocks("json", KEY_POLICY)[0]!) as unknown;
  expect(shown).toStrictEqual(statementsOf(only(cluster!, KEY).policy as string));
});

test("docs/key-policy.md shows the encryption contexts that AWS documents", () => {
  const shown = blocks("json", KEY_POLICY)
    .slice(1)
    .map((text) => JSON.parse(text) as unknown);
  expect(shown).toStrictEqual([contexts.cluster.context, contexts.serverless.context]);
});

test("the README's diagram has the statements and their actions", () => {
  const [diagram] = blocks("mermaid");
  for (const { Action, Sid } of golden.statements) {
    const actions = [Action].flat().map((action) => (action === "kms:*" ? action : action.replace("kms:", "")));
    expect(diagram).toContain(`${Sid}:<br>${actions.join(", ")}"`);
  }
});

describe("a page shows, as it is printed,", () => {
  const [summaryText] = blocks("text") as [string];
  const [wrong] = blocks("text", CONFIGURATION) as [string];
  const [lockout, listed] = blocks("text", DEPLOY) as [string, string];
  const [review] = blocks("text", PLAN_REVIEW) as [string];

  test("the review of a plan", () => {
    const plan = readFileSync(join(PLANS, "pull-request", "after.plan.json"), "utf8");
    expect(review).toBe(textOf(reviewOf(readPlan(plan, "plan")), false));
  });

  test("the output of synth", () => {
    const names = fleetOf({ "w.yaml": SHIPPED }).configuration.warehouses.map(({ name }) => name);
    const summary = "2 stacks: 2 new, 0 changed, 0 unchanged\n";
    expect(summaryText).toBe(names.map((name) => `${name}: cdktf.out/stacks/${name}/cdk.tf.json\n`).join("") + summary);
  });

  test("the output of list", async () => {
    expect(await inProcess(list, ROOT, {}, [])).toStrictEqual({ status: 0, stderr: "", stdout: listed });
  });

  test("the problems of a configuration", () => {
    const broken = SHIPPED.replace("us-east-1", "us-est-1").replace("nodeType", "nodetype");
    expect(() => stacksOf(broken)).toThrow(new ConfigurationError(wrong.trim().split("\n")));
  });

  test("the lockout error for a deployer who is no administrator", () => {
    const { lifecycle } = only(cluster!, KEY) as { lifecycle: { precondition: [{ error_message: string }] } };
    const caller = "arn:aws:sts::111122223333:assumed-role/Other/session";
    const message = lifecycle.precondition[0].error_message
      .replace(/\$\{replace\(.*?"arn:\$1:iam::\$2:role\/\$3"\)\}/g, "arn:aws:iam::111122223333:role/Other")
      .replace(/\$\{data\.\S+?\.arn\}/g, caller)
      .replace(/\$\{data\.\S+?\.account_id\}/g, "111122223333");
    expect(oneLine(lockout)).toBe(oneLine(message));
  });
});
