import { deployLane } from "../deploy/endpoint";
import { send } from "./request";

type Content = Parameters<typeof send>[1];

const json = (target: string, members: unknown): Content => ({ json: members, target });
const kms = (operation: string, members: unknown): Content => json(`TrentService.${operation}`, members);
const dataApi = (operation: string, members: unknown): Content => json(`RedshiftData.${operation}`, members);
const form = (Action: string, Version: string, members: Readonly<Record<string, string>> = {}): Content => ({
  form: { Action, Version, ...members },
});
const createRole = (members: Readonly<Record<string, string>>): Content =>
  form("CreateRole", "2010-05-08", { AssumeRolePolicyDocument: "{}", RoleName: "Checked", ...members });
const createCluster = (members: Readonly<Record<string, string>>): Content =>
  form("CreateCluster", "2012-12-01", { ClusterIdentifier: "checked", MasterUsername: "u", NodeType: "n", ...members });

const constraint = (what: string, text: string): string =>
  `1 validation error detected: ${what} failed to satisfy constraint: ${text}`;

deployLane("in the emulator, the API models", () => {
  const rows: readonly (readonly [what: string, service: string, content: Content, code: string, message: string])[] = [
    [
      "without a required member",
      "redshift-data",
      dataApi("ExecuteStatement", {}),
      "ValidationException",
      constraint("Value null at 'sql'", "Member must not be null"),
    ],
    [
      "without a required member of a query request",
      "redshift",
      form("CreateCluster", "2012-12-01"),
      "MissingParameter",
      "The request must contain the parameter ClusterIdentifier",
    ],
    [
      "with an unknown member",
      "kms",
      kms("CreateKey", { Colour: "red" }),
      "ValidationException",
      "The API model of kms CreateKey has no member Colour.",
    ],
    [
      "with an unknown member in a list of structures",
      "redshift-serverless",
      json("RedshiftServerless.CreateNamespace", { namespaceName: "checked", tags: [{ colour: "red", key: "a" }] }),
      "ValidationException",
      "The API model of redshift-serverless CreateNamespace has no member tags.1.member.colour.",
    ],
    [
      "with an unknown name in a query request",
      "redshift",
      form("ModifyClusterParameterGroup", "2012-12-01", {
        ParameterGroupName: "g",
        "Parameters.Parameter.1.Foo": "a",
        "Parameters.Parameter.1.ParameterName": "require_ssl",
      }),
      "InvalidParameterValue",
      "The API model of redshift ModifyClusterParameterGroup has no member Parameters.Parameter.1.Foo.",
    ],
    [
      "with an unknown parameter of EC2",
      "ec2",
      form("DescribeVpcs", "2016-11-15", { Foo: "1" }),
      "UnknownParameter",
      "The parameter Foo is not recognized",
    ],
    [
      "with a value that is not in the enum",
      "redshift-data",
      dataApi("ListStatements", { Status: "OPEN" }),
      "ValidationException",
      constraint(
        "Value 'OPEN' at 'status'",
        "Member must satisfy enum value set: [SUBMITTED, PICKED, STARTED, FINISHED, ABORTED, FAILED, ALL]",
      ),
    ],
    [
      "with a list element that is not in the enum",
      "kms",
      kms("CreateGrant", { GranteePrincipal: "arn:aws:iam::111122223333:root", KeyId: "k", Operations: ["Fly"] }),
      "ValidationException",
      constraint(
        "Value '[Fly]' at 'operations'",
        "Member must satisfy constraint: [Member must satisfy enum value set: [Decrypt, Encrypt, GenerateDataKey, ",
      ),
    ],
    [
      "with a value that the pattern does not match as a whole",
      "redshift-data",
      dataApi("ExecuteStatement", { ClusterIdentifier: "a b", Sql: "select 1" }),
      "ValidationException",
      constraint(
        "Value 'a b' at 'clusterIdentifier'",
        "Member must satisfy regular expression pattern: [a-z][a-z0-9]*(-[a-z0-9]+)*",
      ),
    ],
    [
      "with a value that a pattern with character classes does not match",
      "iam",
      createRole({ "Tags.member.1.Key": "é!", "Tags.member.1.Value": "b" }),
      "ValidationError",
      constraint(
        "Value 'é!' at 'tags.1.member.key'",
        "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
      ),
    ],
    [
      "with keys of a map that the pattern does not match",
      "logs",
      json("Logs_20140328.CreateLogGroup", { logGroupName: "checked", tags: { "a!": "b" } }),
      "InvalidParameterException",
      constraint(
        "Value '{a!=b}' at 'tags'",
        "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$]",
      ),
    ],
    [
      "with a string that is too long",
      "iam",
      createRole({ RoleName: "x".repeat(65) }),
      "ValidationError",
      constraint(`Value '${"x".repeat(65)}' at 'roleName'`, "Member must have length less than or equal to 64"),
    ],
    [
      "with a list that is too short",
      "redshift-data",
      dataApi("BatchExecuteStatement", { Sqls: [] }),
      "ValidationException",
      constraint("Value '[]' at 'sqls'", "Member must have length greater than or equal to 1"),
    ],
    [
      "with a secret value that is too short, which the message does not show",
      "kms",
      kms("Encrypt", { KeyId: "k", Plaintext: "" }),
      "ValidationException",
      constraint("Value at 'plaintext'", "Member must have length greater than or equal to 1"),
    ],
    [
      "with a blob that is not Base64",
      "kms",
      kms("Encrypt", { KeyId: "k", Plaintext: "no!" }),
      "SerializationException",
      "The value is not Base64: plaintext",
    ],
    [
      "without a required member in a map of structures",
      "sns",
      form("Publish", "2010-03-31", {
        Message: "m",
        "MessageAttributes.entry.1.Name": "a",
        "MessageAttributes.entry.1.Value.StringValue": "b",
      }),
      "ValidationError",
      constraint("Value null at 'messageAttributes.a.member.dataType'", "Member must not be null"),
    ],
    [
      "with a number that is too small",
      "kms",
      kms("EnableKeyRotation", { KeyId: "k", RotationPeriodInDays: 89 }),
      "ValidationException",
      constraint("Value '89' at 'rotationPeriodInDays'", "Member must have value greater than or equal to 90"),
    ],
    [
      "with a number that is too large",
      "redshift-data",
      dataApi("ExecuteStatement", { SessionKeepAliveSeconds: 86_401, Sql: "select 1" }),
      "ValidationException",
      constraint("Value '86401' at 'sessionKeepAliveSeconds'", "Member must have value less than or equal to 86400"),
    ],
    [
      "with a string for a number",
      "kms",
      kms("EnableKeyRotation", { KeyId: "k", RotationPeriodInDays: "90" }),
      "SerializationException",
      "STRING_VALUE can not be converted to an Integer: rotationPeriodInDays",
    ],
    [
      "with a boolean for a number",
      "kms",
      kms("EnableKeyRotation", { KeyId: "k", RotationPeriodInDays: true }),
      "SerializationException",
      "TRUE_VALUE can not be converted to an Integer: rotationPeriodInDays",
    ],
    [
      "with a string for a number in a query request",
      "redshift",
      createCluster({ NumberOfNodes: "two" }),
      "InvalidParameterValue",
      "The request cannot be read: invalid literal for int() with base 10: 'two'",
    ],
    [
      "with a string for a boolean in a query request",
      "redshift",
      createCluster({ Encrypted: "yes" }),
      "InvalidParameterValue",
      "The request cannot be read: Encrypted must be true or false",
    ],
    ["that is no object", "kms", kms("CreateKey", ["a"]), "SerializationException", "The request is not an object."],
    [
      "with three faults",
      "redshift-data",
      dataApi("ExecuteStatement", { ClusterIdentifier: "" }),
      "ValidationException",
      "3 validation errors detected: Value null at 'sql'",
    ],
  ];

  test.each(rows)("refuse a request %s", async (_, service, content, code, message) => {
    const { body, status } = await send(service, content);
    expect(status).toBe(400);
    const [errorCode, errorMessage] = errorOf(body);
    expect(errorCode).toBe(code);
    expect(errorMessage).toContain(message);
  });

  test("accept an operation that botocore's models lack", async () => {
    expect(await send("redshift-data", dataApi("ListSessions", { Status: "CLOSED" }))).toStrictEqual({
      body: '{"Sessions": []}',
      status: 200,
    });
  });

  test("accept a letter beyond ASCII if a pattern allows letters", async () => {
    const tags = { "Tags.member.1.Key": "é", "Tags.member.1.Value": "b" };
    expect((await send("iam", createRole({ ...tags, RoleName: "Accented" }))).status).toBe(200);
  });
});

/** The code and the message of an error, in JSON or XML. */
function errorOf(body: string): [string, string] {
  if (body.startsWith("{")) {
    const { Message, __type } = JSON.parse(body) as { Message: string; __type: string };
    return [__type, Message];
  }
  const element = (name: string): string => new RegExp(`<${name}>([^]*?)</${name}>`).exec(body)![1]!;
  return [element("Code"), element("Message")];
}
