import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, TerraformStack, Testing, TerraformVariable, Token } from "cdktf";
import { DataApiRole, ScheduledAction, ScheduledQueryRole } from "../../../modules";
import { ACCOUNT, REGION } from "../../support/arns";
import { admin, analyticsCluster } from "../../support/support";

type Tags = Readonly<Record<string, string>>;
type Create = (stack: TerraformStack, props: { readonly provider?: AwsProvider; readonly tags?: Tags }) => unknown;

const tags = (count: number): Tags => Object.fromEntries(Array.from({ length: count }, (_, at) => [`Tag${at}`, "x"]));
const PROVIDER = { accessKey: "x", region: REGION, secretKey: "x" };

/** Returns a stack whose default provider has the tags. */
function stackWith(defaultTags: Tags): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new AwsProvider(stack, "Aws", { ...PROVIDER, defaultTags: [{ tags: defaultTags }] });
  return stack;
}

const dataApiRole: Create = (stack, props) =>
  new DataApiRole(stack, "Role", { roleName: "Reader", trustedPrincipals: [admin()], ...props });

describe("the default tags of the provider of a role", () => {
  test.each<[string, string, Create]>([
    ["DataApiRole", "test/Role", dataApiRole],
    [
      "ScheduledQueryRole",
      "test/Role",
      (stack, props) =>
        new ScheduledQueryRole(stack, "Role", {
          groupArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/analytics`,
          roleName: "Queries",
          ...props,
        }),
    ],
    [
      "ScheduledAction",
      "test/Action",
      (stack, props) =>
        new ScheduledAction(stack, "Action", {
          action: "pause",
          actionName: "night",
          schedule: "cron(0 20 ? * MON-FRI *)",
          warehouse: analyticsCluster(stack),
          ...props,
        }),
    ],
  ])("may not have a tag of a %s in another case", (_, path, create) => {
    expect(() => create(stackWith({ team: "data" }), { tags: { Team: "sales" } })).toThrow(
      new Error(
        `[${path}] 'tags' must have, with the default tags of its provider, at most 50 tags whose keys differ in more than case, ` +
          'got: ["Team"]',
      ),
    );
  });

  test.each<[string, string, object]>([
    ["databaseGroups", "RedshiftDbGroups", { databaseGroups: ["readers"] }],
    ["databaseRoles", "RedshiftDbRoles", { databaseRoles: ["readers"] }],
  ])("may not have the tag of '%s' in another case", (prop, tag, props) => {
    expect(() => dataApiRole(stackWith({ [tag.toLowerCase()]: "x" }), props)).toThrow(
      `[test/Role] '${prop}' must have, with the default tags of its provider, `,
    );
    expect(() => dataApiRole(stackWith({ [tag.toLowerCase()]: "x" }), { tags: { Team: "data" }, ...props })).toThrow(
      "[test/Role] 'tags' must have, with the default tags of its provider, ",
    );
  });

  test("may not make more than 50 tags with those of the role", () => {
    expect(() => dataApiRole(stackWith(tags(49)), { tags: { Other1: "x", Other2: "x" } })).toThrow("at most 50 tags");
    expect(() => dataApiRole(stackWith(tags(49)), { tags: { Other1: "x" } })).not.toThrow();
    expect(() => dataApiRole(stackWith(tags(50)), { tags: { Tag0: "y" } })).not.toThrow();
  });

  test("are those of the prop 'provider', if it is given", () => {
    const stack = stackWith({ team: "data" });
    const provider = new AwsProvider(stack, "Other", { ...PROVIDER, alias: "other" });
    expect(() => dataApiRole(stack, { provider, tags: { Team: "sales" } })).not.toThrow();
  });

  test("are not those of a provider with an alias", () => {
    const stack = new TerraformStack(Testing.app(), "test");
    new AwsProvider(stack, "Other", { ...PROVIDER, alias: "other", defaultTags: [{ tags: { team: "data" } }] });
    expect(() => dataApiRole(stack, { tags: { Team: "sales" } })).not.toThrow();
  });

  test("may have tags of the same key, tokens, and keys that break the rule", () => {
    const variable = new TerraformVariable(new TerraformStack(Testing.app(), "other"), "tags", {});
    const roleTags = { tags: { Team: "sales" } };
    expect(() => dataApiRole(stackWith({ Team: "data" }), roleTags)).not.toThrow();
    expect(() => dataApiRole(stackWith({ team: "data", TEAM: "data" }), roleTags)).not.toThrow();
    expect(() => dataApiRole(stackWith(Token.asStringMap(variable.value)), roleTags)).not.toThrow();
    expect(() => dataApiRole(stackWith({ team: "x" }), { tags: Token.asStringMap(Fn.lookup({}, "x")) })).not.toThrow();
  });
});
