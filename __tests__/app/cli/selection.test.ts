import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { selectedStacks, sharedOf } from "../../../app/cli/selection";
import { fleetOf } from "../../support/support";
import { configuration, directory, fileOf, list, synth, WAREHOUSE } from "../support/project";

describe("selected stacks", () => {
  const fleet = `
defaults:
  account: "111122223333"
  region: us-east-1
keys: [{name: shared, administrators: [arn:aws:iam::111122223333:root]}]
warehouses:
  - {name: sales-one, key: shared, users: [arn:aws:iam::111122223333:role/Reader], serverless: {}}
  - name: sales-two
    administrators: [arn:aws:iam::111122223333:root]
    users: [{roleArn: "arn:aws:iam::111122223333:role/team/Reader"}, {roleName: Writer, trustedServices: [lambda.amazonaws.com]}]
    cluster: {nodeType: ra3.large}
  - name: reports
    key: shared
    users: [arn:aws:iam::111122223333:role/Reporter]
    serverless: {}
`;
  const manifestText = () => readFileSync(join(directory, "cdktf.out", "manifest.json"), "utf8");
  const manifest = () => Object.keys((JSON.parse(manifestText()) as { stacks: object }).stacks);
  const summary = (text: string) => text.trim().split("\n").at(-1);

  test("are written with their shared key, without a change to the files of other stacks", async () => {
    expect((await synth(configuration(fleet), "sales-o*")).stdout).toBe(
      ["shared", "sales-one"]
        .map((stack) => `${stack}: ${join("cdktf.out", "stacks", stack, "cdk.tf.json")}\n`)
        .join("") + "2 stacks: 2 new, 0 changed, 0 unchanged\n",
    );
    expect(manifest()).toStrictEqual(["sales-one", "shared"]);
    const key = fileOf("shared");
    expect(key).toContain("role/Reporter");
    expect(summary((await synth(configuration(fleet))).stdout)).toBe("4 stacks: 2 new, 0 changed, 2 unchanged");
    const all: unknown = JSON.parse(manifestText());

    expect(
      summary((await synth(configuration(fleet.replace("ra3.large", "rg.large")), "sales-two", "reports")).stdout),
    ).toBe("3 stacks: 0 new, 1 changed, 2 unchanged");
    expect(fileOf("sales-two")).toContain("rg.large");
    expect(fileOf("shared")).toBe(key);
    expect(JSON.parse(manifestText())).toStrictEqual(all);
    expect(manifestText()).toBe(JSON.stringify(JSON.parse(manifestText()), undefined, 2));
  });

  test("are written without keys and parameter groups that they do not use", async () => {
    const { stdout } = await synth(configuration(`${fleet}parameterGroups: [{name: standard}]\n`), "sales-two");
    expect(stdout).toBe(
      `sales-two: ${join("cdktf.out", "stacks", "sales-two", "cdk.tf.json")}\n1 stack: 1 new, 0 changed, 0 unchanged\n`,
    );
  });

  test("are written with their shared parameter group", async () => {
    const text = `${fleet.replace("ra3.large", "ra3.large, parameterGroup: standard")}parameterGroups: [{name: standard}]\n`;
    expect(summary((await synth(configuration(text), "sales-two")).stdout)).toBe(
      "2 stacks: 2 new, 0 changed, 0 unchanged",
    );
    expect(manifest()).toStrictEqual(["sales-two", "standard"]);
  });

  test("are added to the manifest in the order of their names", async () => {
    await synth(configuration(fleet), "sales-two");
    await synth(configuration(fleet), "sales-one");
    expect(manifest()).toStrictEqual(["sales-one", "sales-two", "shared"]);
  });

  test("are written with a manifest that lacks the removed stack", async () => {
    await synth(configuration(fleet));
    await synth(configuration(fleet.replace("name: reports", "name: news")), "sales-two");
    expect(manifest()).toStrictEqual(["sales-one", "sales-two", "shared"]);
    expect(existsSync(join(directory, "cdktf.out", "stacks", "reports", "cdk.tf.json"))).toBe(false);
  });

  test.each([
    [
      "a pattern that matches nothing",
      fleet,
      "arguments must name or match a stack, got: salestwo*, did you mean sales-two?\n",
    ],
    [
      "a problem in a stack that is not selected",
      fleet.replace("ra3.large", "dc2.large"),
      "w.yaml:11 warehouses[1].cluster.nodeType must be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form, got: dc2.large\n",
    ],
  ])("are neither written nor listed, but reported in one error line, for %s", async (_, text, stderr) => {
    expect(await synth(configuration(text), "salestwo*")).toStrictEqual({ status: 1, stderr, stdout: "" });
    expect(await list(configuration(text), "salestwo*")).toStrictEqual({ status: 1, stderr, stdout: "" });
  });

  test("are listed as a table", async () => {
    const endpoint = "{name: vpc, subnetIds: [subnet-0123456789abcdef0], vpcId: vpc-0123456789abcdef0}";
    expect(
      await list(configuration(`${fleet}dataApiEndpoints: [${endpoint}]\nparameterGroups: [{name: standard}]\n`)),
    ).toStrictEqual({
      status: 0,
      stderr: "",
      stdout: `stack      account       region     kind               key              users
shared     111122223333  us-east-1  key                alias/shared     Reader, Reporter
standard   111122223333  us-east-1  parameter-group
sales-one  111122223333  us-east-1  serverless         shared           Reader
sales-two  111122223333  us-east-1  cluster            alias/sales-two  Reader, Writer
reports    111122223333  us-east-1  serverless         shared           Reporter
vpc        111122223333  us-east-1  data-api-endpoint
`,
    });
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  test("are listed with the kinds existing-cluster and existing-serverless", async () => {
    const keyArn = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012";
    const entry = (name: string, existing: string) =>
      `  - {name: ${name}, key: {keyArn: "${keyArn}"}, users: [{roleName: ${name}}], existing: {${existing}}}\n`;
    const entries = entry("orders", "clusterIdentifier: orders") + entry("clicks", "workgroupName: clicks");
    const { stdout } = await list(configuration(fleet + entries), "orders", "clicks");
    expect(stdout)
      .toBe(`stack   account       region     kind                 key                                                                          users
orders  111122223333  us-east-1  existing-cluster     ${keyArn}  orders
clicks  111122223333  us-east-1  existing-serverless  ${keyArn}  clicks
`);
  });

  test("are not listed, with one error line, if the configuration has a problem", async () => {
    expect(await list(configuration(fleet.replace("region: us-east-1", "region: us-est-1")))).toStrictEqual({
      status: 1,
      stderr: "w.yaml:4 defaults.region must be an AWS region, got: us-est-1\n",
      stdout: "",
    });
  });

  test("are not listed, with one error line, if one value has a problem", async () => {
    const result = await list(configuration(`warehouses:${WAREHOUSE.replace("us-east-1", "us-est-1")}`));
    const stderr = "w.yaml:4 warehouses[0].region must be an AWS region, got: us-est-1\n";
    expect(result).toStrictEqual({ status: 1, stderr, stdout: "" });
  });

  test("are listed with the name of a permission set", async () => {
    const entry = WAREHOUSE.replace(/users: .*/, "users: [{permissionSet: Analysts}]");
    expect((await list(configuration(`warehouses:${entry}`))).stdout).toMatch(/ alias\/one +Analysts\n$/);
  });

  test("are listed as JSON", async () => {
    const { stdout } = await list(configuration(fleet), "--json", "sales-*");
    expect(stdout).toMatch(/^\[\n {2}\{\n {4}"/);
    expect(JSON.parse(stdout)).toStrictEqual([
      {
        account: "111122223333",
        key: "alias/shared",
        kind: "key",
        region: "us-east-1",
        stack: "shared",
        users: ["arn:aws:iam::111122223333:role/Reader", "arn:aws:iam::111122223333:role/Reporter"],
      },
      {
        account: "111122223333",
        key: "shared",
        kind: "serverless",
        region: "us-east-1",
        stack: "sales-one",
        users: ["arn:aws:iam::111122223333:role/Reader"],
      },
      {
        account: "111122223333",
        key: "alias/sales-two",
        kind: "cluster",
        region: "us-east-1",
        stack: "sales-two",
        users: ["arn:aws:iam::111122223333:role/team/Reader", "Writer"],
      },
    ]);
  });

  test("are not listed with an unknown option", async () => {
    expect((await list({}, "--yaml")).stderr).toBe(
      "Unknown option '--yaml'; npm --silent run list -- --help lists the options\n",
    );
  });
});

test("list --help prints its usage", async () => {
  const { status, stderr, stdout } = await list({}, "--help");
  expect([status, stderr]).toStrictEqual([0, ""]);
  expect(stdout).toMatch(
    /^Usage: npm --silent run list -- \[STACK \.\.\.\] \[--json\]\n {7}npm --silent run list -- --changed-since REF /,
  );
});

test("selectedStacks creates only the selected stacks, which equal those of synth", () => {
  const entries = `${WAREHOUSE}${WAREHOUSE.replace("name: one", "name: two")}`;
  const stacks = selectedStacks(fleetOf({ "w.yaml": `warehouses:${entries}` }), ["two"]);
  expect(stacks.map(({ node }) => node.id)).toStrictEqual(["two"]);
  expect(stacks[0]!.toTerraform()).toMatchObject({
    terraform: { backend: { local: { path: "../../../terraform.two.tfstate" } } },
  });
});

test("sharedOf returns the shared key and the shared parameter group of each warehouse", () => {
  const shared = sharedOf(
    fleetOf({
      "w.yaml": `warehouses:
  - {name: both, key: shared, cluster: {nodeType: ra3.large, parameterGroup: standard}}
  - {name: none, key: {alias: alias/none}, cluster: {nodeType: ra3.large}}`,
    }),
  );
  expect([...shared]).toStrictEqual([
    ["both", ["shared", "standard"]],
    ["none", []],
  ]);
});
