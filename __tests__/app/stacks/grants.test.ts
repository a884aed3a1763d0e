import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { type TerraformStack, Testing } from "cdktf";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import type { IDataApiKey } from "../../../modules";
import { fleetOf, only, statementsOf, synthesize } from "../../support/support";

const arn = (role: string) => `arn:aws:iam::111122223333:role/${role}`;
const defaults = 'defaults: {account: "111122223333", region: us-east-1}\n';

function stacksOf(configuration: string, ...selected: string[]): readonly TerraformStack[] {
  const fleet = fleetOf({ "w.yaml": defaults + configuration });
  return fleetStacks(Testing.app(), fleet, "../../..", selected.length > 0 ? { selected: new Set(selected) } : {});
}

const shared = `
keys: [{name: shared, administrators: [${arn("Admin")}]}]
warehouses:
  - {name: sales, key: shared, users: [${arn("Seller")}], serverless: {logRetentionInDays: 7, alarms: {computeSeconds: 9}}}
  - name: reports
    key: shared
    users: [${arn("Reporter")}]
    cluster:
      nodeType: ra3.large
      eventSubscriptions: [{topicArn: "arn:aws:sns:us-east-1:111122223333:sales-alarms"}]
`;

test("the policy of a shared key has the users and services of all warehouses under the key, whatever stacks are selected", () => {
  const policyOf = (...selected: string[]) =>
    only(synthesize(stacksOf(shared, ...selected)[0]!), KmsKey).policy as string;
  const [, , users, ...services] = statementsOf(policyOf());
  expect(users!.Principal).toStrictEqual({ AWS: [arn("Reporter"), arn("Seller")] });
  expect(services.map(({ Sid }) => Sid as string)).toStrictEqual(["AllowAuditLogGroups", "AllowAlarms", "AllowEvents"]);
  expect(policyOf("shared", "reports")).toBe(policyOf());
});

test("the policy of a shared key has each required statement of the warehouses under the key", () => {
  const [key, ...warehouses] = stacksOf(shared);
  const sids = (statements: readonly { readonly Sid: string }[]) => statements.map(({ Sid }) => Sid);
  const policy = statementsOf(only(synthesize(key!), KmsKey).policy as string) as { Sid: string }[];
  const required = warehouses.map((stack) =>
    sids((stack.node.findChild("Key") as unknown as IDataApiKey).requiredStatements),
  );
  expect(required.map(({ length }) => length)).toStrictEqual([6, 4]);
  // The administrators and users of the shared key are deployers to a warehouse.
  expect(sids(policy)).toStrictEqual(
    expect.arrayContaining(required.flat().filter((sid) => !sid.startsWith("AllowDeployers"))),
  );
});

test("a key policy with too many users is refused at the line of the key", () => {
  const users = Array.from({ length: 600 }, (_, index) => arn(`${"A".repeat(50)}${index}`));
  const text = `warehouses:\n  - name: sales\n    administrators: [${arn("Admin")}]\n    serverless: {}\n    key: {multiRegion: false}\n    users: [${users.join()}]\n`;
  expect(() => stacksOf(text)).toThrow(
    /^w\.yaml:6 warehouses\[0\]\.key\.policy must be at most 32768 bytes, got: \d+$/,
  );
});
