import { partitionOf } from "../../modules/private/partition";
import { follows } from "../../modules/private/rule";
import { ALIAS, DEFAULT_ROTATION_PERIOD_IN_DAYS, PRINCIPAL_ARN, ROLE_ARN } from "../../modules/private/rules";
import { DATA_API_KEY_PROPS } from "../../modules/kms/data-api-key-props";
import { permissionSetOf } from "../../review/model/identity/identity-arn";
import { UserError } from "../command";
import type { KeyFacts } from "./account";
import { settingLines } from "./settings";
import type { Line } from "./yaml";

/** The lines of an entry that concern its key. */
export interface KeyLines {
  readonly entry: readonly Line[];
  readonly imported: readonly Line[];
}

/** @throws UserError if the key is not a customer managed key */
export function requireCustomerKey(option: string, keyArn: string | undefined, key: KeyFacts | undefined): void {
  const isArn = keyArn?.startsWith("arn:") === true;
  if (isArn && key?.metadata.KeyManager !== "AWS") {
    return;
  }
  throw new UserError(
    `${option} must name a warehouse under a customer managed key, got: a warehouse under ${keyArn ?? "no key"}. No ` +
      "key policy of yours protects the statements and results of this warehouse; docs/adopt.md has the steps to a " +
      "customer managed key",
  );
}

/** Returns the lines about the key. If the entry can manage the key, they have its settings and its import, or else only its ARN. */
export function keyLines(keyArn: string, key: KeyFacts | undefined, account: string, region: string): KeyLines {
  const reason = reasonToReference(key);
  if (key === undefined || reason !== undefined) {
    const comments = [`${reason ?? "The key is of another account."} The entry names it, and does not manage it.`];
    return { entry: [{ comments, key: "key", value: [{ key: "keyArn", value: keyArn }] }], imported: [] };
  }
  const { aliases, metadata, rotation } = key;
  const alias = aliases.find((name) => follows(name, ALIAS));
  const { KeyRotationEnabled: enableKeyRotation, RotationPeriodInDays: period } = rotation;
  const changedPeriod = period === DEFAULT_ROTATION_PERIOD_IN_DAYS ? undefined : period;
  const settings = settingLines(DATA_API_KEY_PROPS, {
    alias,
    description: metadata.Description,
    enableKeyRotation,
    multiRegion: metadata.MultiRegion,
    rotationPeriodInDays: enableKeyRotation === true ? changedPeriod : undefined,
  });
  return {
    entry: [
      ...administratorLines(key, account, region),
      {
        comments: [
          "If several warehouses use the key, one entry of 'keys' imports it, and the warehouses name that entry.",
        ],
        key: "key",
        value: settings,
      },
    ],
    imported: [
      { key: "keyId", value: metadata.KeyId! },
      alias === undefined
        ? { comments: ["The key has no alias that an entry can have: the deployment creates one."] }
        : { key: "alias", value: alias },
    ],
  };
}

/** Returns the reason why an entry cannot manage a key; undefined if it can. */
function reasonToReference(key: KeyFacts | undefined): string | undefined {
  if (key?.metadata.Origin !== undefined && key.metadata.Origin !== "AWS_KMS") {
    return `KMS has not generated the material of the key (${key.metadata.Origin}).`;
  }
  return key?.metadata.MultiRegionConfiguration?.MultiRegionKeyType === "REPLICA"
    ? "The key is a replica of a key of another Region."
    : undefined;
}

/**
 * Returns the lines of `administrators` and of an empty list of `users`. The administrators are the principals that may change the
 * key policy today. Comments name the other roles of the key policy, which lose their access.
 */
function administratorLines(key: KeyFacts, account: string, region: string): readonly Line[] {
  const statements = statementsOf(key.policy);
  const allowing = statements.filter(({ Effect }) => Effect === "Allow");
  const administrators = principalsOf(allowing.filter((statement) => allows(statement, "kms:PutKeyPolicy")));
  const roles = principalsOf(allowing).filter((arn) => follows(arn, ROLE_ARN) && !administrators.includes(arn));
  const root = `arn:${partitionOf(region)}:iam::${account}:root`;
  const comments = [
    administrators.length > 0
      ? "The principals that may change the key policy today."
      : "The key policy names no principal that may change it today. The account root lets the IAM policies of the account decide.",
    `The deployment replaces the key policy, which has ${statements.length} statements. The plan shows it before and after.`,
    ...administrators.flatMap(permissionSetComment),
  ];
  return [
    { comments, key: "administrators", value: administrators.length > 0 ? administrators : [root] },
    {
      comments: [
        "The roles that use the Data API. A role that the list names gets an inline policy, unless AWS manages the role.",
        ...roles.flatMap((arn) => [`The key policy names ${arn}.`, ...permissionSetComment(arn)]),
      ],
      key: "users",
      value: [],
    },
  ];
}

/**
 * Returns a comment with the permission set of a role. The name of a permission set stays. If it is assigned again, IAM Identity
 * Center creates its role with other digits in the name.
 */
function permissionSetComment(arn: string): readonly string[] {
  const roleName = arn.split("/").at(-1)!;
  const permissionSet = permissionSetOf(roleName);
  return permissionSet === undefined
    ? []
    : [`'permissionSet: ${permissionSet}' names ${roleName}, also after IAM Identity Center changes its digits.`];
}

/** A statement of a live key policy, whose members are not checked. */
type Statement = Readonly<Record<string, unknown>>;

function statementsOf(policy: string): readonly Statement[] {
  const { Statement = [] } = JSON.parse(policy) as { readonly Statement?: Statement | readonly Statement[] };
  return [Statement].flat();
}

function allows({ Action = [] }: Statement, action: string): boolean {
  return [Action].flat().some((pattern) => {
    const [beginning, ...rest] = String(pattern).split("*");
    return rest.length === 0 ? pattern === action : action.startsWith(beginning!);
  });
}

/** Returns the AWS principals of statements that are ARNs in a form that an entry can have, sorted and without duplicates. */
function principalsOf(statements: readonly Statement[]): readonly string[] {
  const arns = statements.flatMap(({ Principal }) => {
    const { AWS = [] } = (typeof Principal === "object" && Principal !== null ? Principal : {}) as Statement;
    return [AWS].flat().filter((arn): arn is string => typeof arn === "string" && follows(arn, PRINCIPAL_ARN));
  });
  return [...new Set(arns)].sort();
}
