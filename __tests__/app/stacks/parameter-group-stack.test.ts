import { Testing } from "cdktf";
import { select } from "../../../app/cli/selection";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { fleetOf, only, type Synthesized, synthesize } from "../../support/support";

const GROUP = { tfResourceType: "aws_redshift_parameter_group" };
const CLUSTER = { tfResourceType: "aws_redshift_cluster" };
const text = (group = "name: standard", cluster = "parameterGroup: standard", sales = ""): string => `
defaults:
  account: "111122223333"
  region: us-east-1
  administrators: ["arn:aws:iam::111122223333:root"]
  tags: {team: data}
parameterGroups:
  - {${group}}
warehouses:
  - name: sales
    users: [{roleName: Seller, trustedServices: [lambda.amazonaws.com]}]
    cluster: {nodeType: ra3.large, ${cluster}}
    ${sales}
  - name: orders
    users: ["arn:aws:iam::111122223333:role/Clerk"]
    cluster: {nodeType: ra3.large, parameterGroup: standard}
`;

const stacksOf = (configuration: string) =>
  fleetStacks(Testing.app(), fleetOf({ "w.yaml": configuration }), "../../..");

function linesOf(configuration: string): string[] {
  try {
    stacksOf(configuration);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

describe("an entry of parameterGroups", () => {
  const stacks = stacksOf(text("name: standard, parameters: {statement_timeout: '60000'}"));
  const [group, sales, orders] = stacks.map(synthesize) as [Synthesized, Synthesized, Synthesized];

  test("is the only resource of its stack", () => {
    expect(Object.keys(group.resource)).toStrictEqual(["aws_redshift_parameter_group"]);
    expect(only(group, GROUP)).toStrictEqual({
      description: "Parameters of clusters",
      family: "redshift-2.0",
      name: "standard",
      parameter: [
        { name: "enable_user_activity_logging", value: "true" },
        { name: "require_ssl", value: "true" },
        { name: "statement_timeout", value: "60000" },
      ],
    });
    expect(group.provider.aws).toMatchObject([
      { allowed_account_ids: ["111122223333"], default_tags: [{ tags: { team: "data" } }], region: "us-east-1" },
    ]);
    const [address] = Object.keys(group.resource.aws_redshift_parameter_group!);
    expect(group.output).toMatchObject({
      parameter_group_name: { value: `\${aws_redshift_parameter_group.${address}.name}` },
    });
  });

  test("is named by its clusters, which create no group and read no state of another stack", () => {
    for (const stack of [sales, orders]) {
      expect(only(stack, CLUSTER).cluster_parameter_group_name).toBe("standard");
      expect(stack.resource).not.toHaveProperty("aws_redshift_parameter_group");
      expect(stack.data).not.toHaveProperty("terraform_remote_state");
    }
  });

  test("is a dependency of the stacks of its clusters", () => {
    expect(stacks.map(({ dependencies, node }) => [node.id, dependencies.map((stack) => stack.node.id)])).toStrictEqual(
      [
        ["standard", []],
        ["sales", ["standard"]],
        ["orders", ["standard"]],
      ],
    );
  });

  test("is selected with each of its clusters", () => {
    expect([...select(fleetOf({ "w.yaml": text() }), ["orders"])]).toStrictEqual(["standard", "orders"]);
  });

  test.each<[string, string, string[]]>([
    [
      "if a cluster names another group",
      text("name: standard", "parameterGroup: standart"),
      [
        "w.yaml:12 warehouses[0].cluster.parameterGroup must be the name of an entry of 'parameterGroups', got: standart, " +
          "did you mean standard?",
      ],
    ],
    [
      "if clusters name it and parameterGroups is missing",
      text().replace(/parameterGroups:\n.*\n/, ""),
      ["w.yaml:10", "w.yaml:14"].map(
        (line, index) =>
          `${line} warehouses[${index}].cluster.parameterGroup must be the name of an entry of 'parameterGroups', got: standard`,
      ),
    ],
    [
      "if a cluster of another Region names it",
      text("name: standard", "parameterGroup: standard", "region: eu-west-1"),
      [
        "w.yaml:12 warehouses[0].cluster.parameterGroup must be the name of a parameter group of 111122223333 in eu-west-1, " +
          "got: standard",
      ],
    ],
    [
      "if a cluster of another account names it",
      text("name: standard", "parameterGroup: standard", 'account: "444455556666"'),
      [
        "w.yaml:12 warehouses[0].cluster.parameterGroup must be the name of a parameter group of 444455556666 in us-east-1, " +
          "got: standard",
      ],
    ],
    [
      "if its cluster has parameters",
      text("name: standard", "parameterGroup: standard, parameters: {auto_mv: 'true'}"),
      [
        "w.yaml:12 warehouses[0].cluster.parameters must not be combined with 'parameterGroup': the group has its own " +
          'parameters, got: {"auto_mv":"true"}',
      ],
    ],
    [
      "with the parameter require_ssl, which is reported once",
      text("name: standard, parameters: {require_ssl: 'false'}"),
      [`w.yaml:8 parameterGroups[0].parameters.require_ssl must be left out: it is always true, got: "false"`],
    ],
    [
      "with an unknown key",
      text("name: standard, family: redshift-1.0"),
      ["w.yaml:8 parameterGroups[0].family is not a known key, known are name, account, region, parameters, tags"],
    ],
    [
      "with the name of a warehouse",
      text("name: sales").replaceAll("parameterGroup: standard", "enhancedVpcRouting: true"),
      ["w.yaml:10 warehouses[0].name must not be the name of parameterGroups[0].name as well, got: sales"],
    ],
    [
      "with the name of the group that a cluster creates",
      text("name: standard", "clusterIdentifier: standard"),
      [
        "w.yaml:12 warehouses[0].cluster.clusterIdentifier must not be the parameter group of parameterGroups[0].name as " +
          "well, got: standard",
      ],
    ],
  ])("is refused %s", (_, configuration, lines) => {
    expect(linesOf(configuration)).toStrictEqual(lines);
  });

  test("may have the identifier of a cluster that uses a shared group", () => {
    expect(linesOf(text("name: standard", "clusterIdentifier: standard, parameterGroup: standard"))).toStrictEqual([]);
  });
});
