import { Testing } from "cdktf";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { fleetOf } from "../../support/support";

/** A fleet of warehouses under an existing key, of which all have the same users. */
function fleet(count: number, users: string, kind = "cluster: {nodeType: ra3.large}", more = ""): string {
  const names = Array.from({ length: count }, (_, index) => `warehouse-${String(index).padStart(2, "0")}`);
  return `defaults:
  account: "111122223333"
  region: us-east-1
  key: {keyArn: arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012}
  users: ${users}
  ${kind}
warehouses:
${names.map((name) => `  - {name: ${name}, ${kind.split(":")[0]}: {}}\n`).join("")}${more}`;
}

function linesOf(configuration: string, selected?: ReadonlySet<string>): string[] {
  try {
    const options = selected && { selected };
    fleetStacks(Testing.app(), fleetOf({ "w.yaml": configuration }), "../../..", options);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

const ANALYST = "[arn:aws:iam::111122223333:role/Analyst]";
const tooLarge = (path: string, allowed: number, others: number, got: string): string =>
  `w.yaml:${path} must be a role whose inline policies have at most 10240 characters, which is IAM's quota: ` +
  `the policies of ${allowed} warehouses fit, so use another role for the other ${others}, got: ${got} characters`;

describe("the inline policies of a role that uses many warehouses", () => {
  test("are accepted for 10 clusters", () => {
    expect(linesOf(fleet(10, ANALYST))).toStrictEqual([]);
  });

  test("are refused for 13 clusters, at the line of the defaults, with the number of clusters that fit", () => {
    expect(linesOf(fleet(13, ANALYST))).toStrictEqual([tooLarge("5 defaults.users[0]", 10, 3, "Analyst with 12948")]);
  });

  test("are refused at the first entry that does not fit, if the entry has its own users", () => {
    const more = '  - {name: last, users: ["arn:aws:iam::111122223333:role/team/ANALYST"], cluster: {}}\n';
    expect(linesOf(fleet(10, ANALYST, undefined, more))).toStrictEqual([
      tooLarge("18 warehouses[10].users[0]", 10, 1, "ANALYST with 10940"),
    ]);
  });

  test("are accepted for 11 workgroups, whose IDs are unknown at synthesis, and refused for 12", () => {
    expect(linesOf(fleet(11, ANALYST, "serverless: {baseCapacity: 8}"))).toStrictEqual([]);
    expect(linesOf(fleet(12, ANALYST, "serverless: {baseCapacity: 8}"))).toStrictEqual([
      tooLarge("5 defaults.users[0]", 11, 1, "Analyst with 11100"),
    ]);
  });

  test("are counted separately in each account", () => {
    const accounts = fleet(13, ANALYST).replace(
      /(warehouse-0[5-9]), /g,
      '$1, account: "444455556666", users: [arn:aws:iam::444455556666:role/Analyst], ',
    );
    expect(linesOf(accounts)).toStrictEqual([]);
  });

  test("may have any size for a permission set", () => {
    expect(linesOf(fleet(13, "[{permissionSet: Analyst}]"))).toStrictEqual([]);
  });

  test("are counted for the selected stacks only", () => {
    const selected = new Set(Array.from({ length: 10 }, (_, index) => `warehouse-0${index}`));
    expect(linesOf(fleet(13, ANALYST), selected)).toStrictEqual([]);
  });
});
