import { entryProblems } from "../../../app/config/entry-problems";

/** The problems of lists, each with its path. */
const problemsOf = (input: Readonly<Record<string, unknown>>): string[] =>
  entryProblems(input).map(({ message, path }) => `${path.join(".")} ${message}`);

const ENTRY = { administrators: ["a"], serverless: {} };
const warehouse = (entry: object): string[] => problemsOf({ warehouses: [ENTRY, { ...ENTRY, ...entry }] });

test.each<[string, object]>([
  [
    "with a role of each account",
    { accounts: { "111122223333": { assumeRole: { roleArn: "a:b:c:d:111122223333:e" } } } },
  ],
  ["with an account without a role", { accounts: { "111122223333": {} } }],
  ["with a role that is no ARN", { accounts: { "111122223333": { assumeRole: { roleArn: "a" } } } }],
  ["with accounts that are no map", { accounts: [] }],
  ["with warehouses that are no list", { warehouses: {} }],
  ["with warehouses that are no maps", { warehouses: [7, null, "a"] }],
  ["with a key by name", { keys: [{ administrators: [], name: "a" }], warehouses: [{ key: "a", serverless: {} }] }],
  ["with an existing key", { warehouses: [{ key: { keyArn: "a" }, serverless: {} }] }],
  [
    "with a group by name",
    {
      parameterGroups: [{ name: "a" }],
      warehouses: [{ ...ENTRY, cluster: { parameterGroup: "a" }, serverless: undefined }],
    },
  ],
  [
    "with an existing warehouse that imports its key",
    { warehouses: [{ administrators: [], existing: {}, import: { keyId: "a" } }] },
  ],
])("a configuration %s has no problem", (_, input) => {
  expect(problemsOf(input as Readonly<Record<string, unknown>>)).toStrictEqual([]);
});

test.each<[string, string[], string[]]>([
  [
    "a role of another account",
    problemsOf({ accounts: { "111122223333": { assumeRole: { roleArn: "arn:aws:iam::444455556666:role/A" } } } }),
    [
      "accounts.111122223333.assumeRole.roleArn must be a role of the account 111122223333, got: arn:aws:iam::444455556666:role/A",
    ],
  ],
  [
    "a key that no entry has",
    warehouse({ key: "a" }),
    ["warehouses.1.key must be the name of an entry of 'keys', got: a"],
  ],
  [
    "a misspelled key",
    problemsOf({ keys: [{ administrators: [], name: "sales" }], warehouses: [{ ...ENTRY, key: "sale" }] }),
    ["warehouses.0.key must be the name of an entry of 'keys', got: sale, did you mean sales?"],
  ],
  [
    "a parameter group that no entry has",
    warehouse({ cluster: { parameterGroup: "a" }, serverless: undefined }),
    ["warehouses.1.cluster.parameterGroup must be the name of an entry of 'parameterGroups', got: a"],
  ],
  [
    "no administrators",
    problemsOf({ warehouses: [{ serverless: {} }] }),
    ["warehouses.0.administrators must be given"],
  ],
  ["a key without administrators", problemsOf({ keys: [{}] }), ["keys.0.administrators must be given"]],
  [
    "an existing warehouse with a new key",
    warehouse({ existing: {}, serverless: undefined }),
    [
      "warehouses.1.key must have 'keyArn', or be the name of one of 'keys', because an existing warehouse has a key already; " +
        "'import.keyId' imports that key into the stack",
    ],
  ],
  [
    "no section",
    warehouse({ serverless: undefined }),
    ["warehouses.1 must have one of 'cluster', 'serverless' and 'existing', got: none"],
  ],
  [
    "all sections",
    warehouse({ cluster: {}, existing: {}, key: { keyArn: "a" } }),
    ["warehouses.1 must have one of 'cluster', 'serverless' and 'existing', got: cluster and serverless and existing"],
  ],
  [
    "an imported cluster without a database",
    warehouse({
      cluster: { logBucketName: "a", masterUsername: "b", parameters: {} },
      import: { clusterIdentifier: "a" },
      serverless: undefined,
    }),
    [
      "warehouses.1.cluster.databaseName must be given with 'import.clusterIdentifier', because another name would mean another warehouse",
    ],
  ],
  [
    "an imported cluster without an admin",
    warehouse({
      cluster: { databaseName: "a", logExports: [], parameterGroup: 7 },
      import: { clusterIdentifier: "a" },
      serverless: undefined,
    }),
    [
      "warehouses.1.cluster.masterUsername must be given with 'import.clusterIdentifier', because another name would mean another warehouse",
    ],
  ],
  [
    "an imported cluster without a parameter group and a log",
    warehouse({
      cluster: { databaseName: "a", masterUsername: "b" },
      import: { clusterIdentifier: "a" },
      serverless: undefined,
    }),
    [
      "warehouses.1.cluster.clusterParameterGroupName must be given, or 'parameterGroup' or 'parameters', with " +
        "'import.clusterIdentifier', because the stack would create a parameter group",
      "warehouses.1.cluster.logExports must be given, or 'logBucketName', with 'import.clusterIdentifier', because the stack " +
        "would turn the audit log on; [] is for none",
    ],
  ],
  [
    "an imported namespace without a database",
    warehouse({ import: { namespaceName: "a" } }),
    [
      "warehouses.1.serverless.databaseName must be given with 'import.namespaceName', because another name would mean another warehouse",
    ],
  ],
])("a configuration with %s has a problem with its path", (_, problems, expected) => {
  expect(problems).toStrictEqual(expected);
});
