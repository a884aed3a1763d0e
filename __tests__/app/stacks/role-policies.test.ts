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
  `those of ${allowed} warehouses fit, so give the other ${others} another role, got: ${got} characters`;

describe("a role that uses many warehouses", () => {
  test("may have as many policies as IAM allows", () => {
    expect(linesOf(fleet(10, ANALYST))).toStrictEqual([]);
  });

  test("is refused if its policies add up to more, with the number of warehouses that fit", () => {
    expect(linesOf(fleet(13, ANALYST))).toStrictEqual([tooLarge("5 defaults.users[0]", 10, 3, "Analyst with 12948")]);
  });

  test("is refused at the first warehouse that does not fit, if that entry has the users", () => {
    const more = '  - {name: last, users: ["arn:aws:iam::111122223333:role/team/ANALYST"], cluster: {}}\n';
    expect(linesOf(fleet(10, ANALYST, undefined, more))).toStrictEqual([
      tooLarge("18 warehouses[10].users[0]", 10, 1, "ANALYST with 10940"),
    ]);
  });

  test("has policies for workgroups whose ID is unknown at synthesis", () => {
    expect(linesOf(fleet(11, ANALYST, "serverless: {baseCapacity: 8}"))).toStrictEqual([]);
    expect(linesOf(fleet(12, ANALYST, "serverless: {baseCapacity: 8}"))).toStrictEqual([
      tooLarge("5 defaults.users[0]", 11, 1, "Analyst with 11100"),
    ]);
  });

  test("is another role in another account", () => {
    const accounts = fleet(13, ANALYST).replace(
      /(warehouse-0[5-9]), /g,
      '$1, account: "444455556666", users: [arn:aws:iam::444455556666:role/Analyst], ',
    );
    expect(linesOf(accounts)).toStrictEqual([]);
  });

  test("gets no policies if only AWS changes it", () => {
    expect(linesOf(fleet(13, "[{permissionSet: Analyst}]"))).toStrictEqual([]);
  });

  test("is checked for the selected stacks only", () => {
    const selected = new Set(Array.from({ length: 10 }, (_, index) => `warehouse-0${index}`));
    expect(linesOf(fleet(13, ANALYST), selected)).toStrictEqual([]);
  });
});
