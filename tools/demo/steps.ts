/** A command of a step. */
export interface Command {
  /** The expected exit status; 0 by default. */
  readonly exitStatus?: number;
  /** The expected output. Its named groups are values for later commands. */
  readonly expected: RegExp;
  /** The command line. `{name}` stands for a value that an earlier command has printed. */
  readonly line: string;
  /** Matches the lines of the output to print; by default, all are printed. */
  readonly shown?: RegExp;
}

/** A part of the demo: a title, prose and commands. */
export interface Step {
  readonly commands: readonly Command[];
  readonly prose: string;
  readonly title: string;
}

const STATEMENT = "node --require ./register.cjs tools/demo/statement.ts";
const CONTEXTS = "node --require ./register.cjs tools/demo/contexts.ts";
const ON_SERVERLESS = "WORKGROUP=analytics-serverless";
const CHANGED = "analytics-cluster";
const ONE_ROW = /\[\{"\?column\?":1\}\]/;

/** The title of the step that the README shows with its output. */
export const REVOCATION = "The grant is revoked";

/**
 * Returns a command that prints a review, and writes a report of the same plan to a file. The change has a warning, which fails
 * this review.
 */
const review = (options: string, expected: RegExp): Command => ({
  exitStatus: 1,
  expected,
  line: `npm run --silent review -- plan.json --fail-on warning ${options}`.trim(),
});

export const STEPS: readonly Step[] = [
  {
    title: "An AWS account on this machine",
    prose: `The emulator answers on 127.0.0.1 as AWS documents its services. It has the two administrators that warehouses.yaml
names, and a role Stranger. The commands run in {directory}, which has links to this checkout.
So your cdktf.out and your state stay as they are.

No command can reach AWS. Every endpoint is the emulator. The callers have access keys that AWS does not have. A request of
terraform to another address ends at a proxy that does not exist.`,
    commands: [
      {
        expected: /^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m,
        line: "env | grep -E '^(AWS_ENDPOINT_URL|AWS_PROFILE|HTTPS?_PROXY)=' | sort",
      },
    ],
  },
  {
    title: "Two stacks from one YAML file",
    prose: `Each entry of warehouses.yaml is a Terraform stack: a key, its policy, a warehouse under the key, and the role that uses the
Data API. Terraform deploys both at the same time. The role comes before the key, because KMS refuses a policy that names a
missing role.`,
    commands: [
      { expected: /analytics-cluster .*\n?[^]*analytics-serverless /, line: "npm run --silent list" },
      {
        expected: /Creation complete after/,
        line: "npx cdktf deploy '*' --auto-approve --skip-provider-lock",
        shown: /(Creation|Apply) complete/,
      },
    ],
  },
  {
    title: "SQL as the Data API user",
    prose: `The profile analyst assumes the role of analytics-serverless, and cluster-user that of analytics-cluster. A program needs no
password and no connection: ExecuteStatement returns an ID, and GetStatementResult the rows. The emulator has no database, and
answers each statement with the number 1.`,
    commands: [
      {
        expected: /The statement (?<statement>[\da-f-]{36}) has the status FINISHED\n\[\{"\?column\?":1\}\]/,
        line: `AWS_PROFILE=analyst ${ON_SERVERLESS} ${STATEMENT} execute 'select 1'`,
      },
      {
        expected: ONE_ROW,
        line: `AWS_PROFILE=cluster-user CLUSTER=analytics-cluster ${STATEMENT} execute 'select 1'`,
      },
    ],
  },
  {
    title: "The grant and its encryption context",
    prose: `With the first statement, Redshift made a grant on the key for the Data API. The grant is for one encryption context: the
warehouse's ARN and the name of the service. So the Data API can use the key for this warehouse only.`,
    commands: [
      {
        expected:
          /^(?<key>arn:\S+) \(Enabled\), stack analytics-serverless$[^]*^ +(?<grant>\S+) matches$[^]*:arn = (?<namespace>\S+)$[^]*no findings/m,
        line: "npm run --silent grants -- analytics-serverless",
      },
    ],
  },
  {
    title: "Refusals",
    prose: `The IAM policy of the role Stranger allows every action of KMS, and none of the Data API. So the stranger cannot run SQL. The
key policy does not name the role, so the stranger cannot use the key either.`,
    commands: [
      {
        exitStatus: 1,
        expected: /^AccessDeniedException: .*redshift-data:ExecuteStatement[^]*^Cause: the IAM policy of this role/m,
        line: `AWS_PROFILE=stranger ${ON_SERVERLESS} ${STATEMENT} execute 'select 1'`,
      },
      {
        exitStatus: 1,
        expected: /^AccessDeniedException: .*kms:Encrypt/m,
        line: `AWS_PROFILE=stranger ${CONTEXTS} {key} {namespace}`,
      },
    ],
  },
  {
    title: "A wrong encryption context",
    prose: `The key policy names the analyst, who encrypts a string under the context of this warehouse. KMS decrypts it under the same
context, and under no other one.`,
    commands: [
      {
        expected: /of this warehouse: a secret\n.*of another warehouse: InvalidCiphertextException/,
        line: `AWS_PROFILE=analyst ${CONTEXTS} {key} {namespace}`,
      },
    ],
  },
  {
    title: REVOCATION,
    prose: `An administrator cuts the Data API off from the key, which takes effect at once. The rows of the earlier statement are out of
reach, also for the analyst who ran it.`,
    commands: [
      {
        expected: /revoked \S+ \(1 of 1\)/,
        line: "npm run --silent grants -- analytics-serverless --revoke {grant} --yes",
        shown: /revoked/,
      },
      {
        exitStatus: 1,
        expected: /^AccessDeniedException: .*\nCause: the grant of the Data API on the key is revoked/m,
        line: `AWS_PROFILE=analyst ${STATEMENT} result {statement}`,
      },
    ],
  },
  {
    title: "The grant comes back",
    prose: `The next statement makes the grant again, because the key policy lets Redshift do so. docs/runbook.md has the way to cut a
warehouse off for good.`,
    commands: [{ expected: ONE_ROW, line: `AWS_PROFILE=analyst ${ON_SERVERLESS} ${STATEMENT} execute 'select 1'` }],
  },
  {
    title: "The review of a change",
    prose: `A colleague lets another account assume the roles. The plan shows a changed policy; the review shows its effect. A pipeline
fails here, before anything is applied. The reports in Markdown and HTML are for the pull request and the browser.`,
    commands: [
      { expected: /^$/, line: "sed 's/111122223333:root/444455556666:root/' warehouses.yaml > change.yaml" },
      { exitStatus: 1, expected: /^> .*444455556666:root/m, line: "diff warehouses.yaml change.yaml" },
      {
        expected: /1 stack: 0 new, 1 changed/,
        line: `WAREHOUSES='change.yaml tools/demo/provider.yaml' npm run --silent synth -- ${CHANGED}`,
      },
      {
        expected: /Plan: 0 to add, 1 to change, 0 to destroy/,
        line: `terraform -chdir=cdktf.out/stacks/${CHANGED} plan -out=plan.out`,
        shown: /^Plan:/,
      },
      { expected: /^$/, line: `terraform -chdir=cdktf.out/stacks/${CHANGED} show -json plan.out > plan.json` },
      review("", /role-trusts-other-account/),
      review("--format markdown > '{reports}/review.md'", /^$/),
      review("--format html > '{reports}/review.html'", /^$/),
    ],
  },
];

/** The last step, which is skipped if the user keeps the emulator and the stacks. */
export const DESTROY: Step = {
  title: "Destroy",
  prose: `A destroyed warehouse or key is lost data. So both have prevent_destroy, and Terraform refuses the plan. To destroy them, set
deletionProtection to false, as docs/deploy.md describes. The key then waits for its deletion window of 30 days, and the
cluster leaves a final snapshot. At the end, neither state has a resource.`,
  commands: [
    {
      exitStatus: 1,
      expected: /Instance cannot be destroyed/,
      line: `terraform -chdir=cdktf.out/stacks/${CHANGED} plan -destroy -refresh=false`,
      shown: /Instance cannot be destroyed/,
    },
    { expected: /deletionProtection: false/, line: "cat tools/demo/unprotected.yaml" },
    {
      // cdktf may end before it prints terraform's last lines. The next commands check the states.
      expected: /Destroying/,
      line: `WAREHOUSES="$WAREHOUSES tools/demo/unprotected.yaml" npx cdktf destroy '*' --auto-approve --skip-provider-lock`,
      shown: /(Destruction|Destroy) complete/,
    },
    { exitStatus: 1, expected: /^0\n0$/, line: `grep -h -c '"mode": "managed"' terraform.*.tfstate` },
  ],
};
