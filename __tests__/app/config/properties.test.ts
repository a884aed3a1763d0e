import { Testing } from "cdktf";
import fc from "fast-check";
import { dump } from "js-yaml";
import { ConfigurationError } from "../../../app/config/configuration-file";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { partitionOf } from "../../../modules/private/partition";
import { NODE_COUNTS } from "../../../modules/private/rules";
import { propertyRuns } from "../../support/property-runs";
import { fleetOf, only, statementsOf, type Synthesized, synthesize } from "../../support/support";

// A fixed seed: the same configurations in every run, so that a failure is the change's, not the draw's.
const SEED = 20251123;

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const roleName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{2,20}$/);
const region = fc.constantFrom("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1");
const subnetIds = fc.uniqueArray(fc.stringMatching(/^subnet-[0-9a-f]{17}$/), { minLength: 3, maxLength: 4 });
const tags = fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), fc.stringMatching(/^[a-z ]{0,9}$/), { maxKeys: 3 });

const settings = {
  databaseName: optional(fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/)),
  deletionProtection: optional(fc.boolean()),
  enhancedVpcRouting: optional(fc.boolean()),
  logExports: optional(fc.subarray(["connectionlog", "useractivitylog", "userlog"])),
  port: optional(fc.constantFrom(5431, 5439, 5455, 8191, 8215)),
  subnetIds: optional(subnetIds),
};
const cluster = fc.constantFrom(...Object.keys(NODE_COUNTS)).chain((nodeType) =>
  fc.record({
    ...settings,
    automatedSnapshotRetentionPeriod: optional(fc.integer({ min: 1, max: 35 })),
    createTime: optional(
      fc
        .date({ max: new Date("2099-01-01"), min: new Date("2013-01-01"), noInvalidDate: true })
        .map((d) => d.toISOString()),
    ),
    nodeType: fc.constant(nodeType),
    numberOfNodes: optional(fc.integer({ max: NODE_COUNTS[nodeType]![1], min: NODE_COUNTS[nodeType]![0] })),
    parameters: optional(fc.constant({ statement_timeout: "60000" })),
    preferredMaintenanceWindow: optional(fc.constantFrom("sun:03:00-sun:04:00", "sat:23:45-sun:00:15")),
  }),
);
const serverless = fc.record({
  ...settings,
  baseCapacity: optional(fc.constantFrom(4, 8, 64, 512, 1024)),
  configParameters: optional(fc.constant({ max_query_execution_time: "60" })),
  maxCapacity: optional(fc.constantFrom(1024, 2048)),
  trackName: optional(fc.constantFrom("current", "trailing")),
});
const key = fc.record({
  deletionProtection: optional(fc.boolean()),
  deletionWindowInDays: optional(fc.integer({ max: 30, min: 7 })),
  description: optional(fc.string({ maxLength: 40 })),
  multiRegion: optional(fc.boolean()),
  rotationPeriodInDays: optional(fc.integer({ max: 2560, min: 90 })),
});

/** One warehouse, of one account and one partition, whose roles are all different. */
const warehouse = fc
  .record({
    account: fc.stringMatching(/^[0-9]{12}$/),
    administrators: fc.integer({ max: 3, min: 1 }),
    key: optional(key),
    kind: fc.oneof(fc.record({ cluster }), fc.record({ serverless })),
    name: fc.stringMatching(/^[a-z][a-z0-9]{3,20}$/),
    region,
    roles: fc.uniqueArray(fc.tuple(roleName, fc.boolean()), {
      maxLength: 6,
      minLength: 4,
      selector: ([name]) => name.toLowerCase(),
    }),
    tags: optional(tags),
  })
  .map(({ account, administrators, kind, roles, ...rest }) => {
    const arn = (what: string) => `arn:${partitionOf(rest.region)}:iam::${account}:${what}`;
    const entries = roles.map(([name, created]) =>
      created ? { roleName: name, trustedPrincipals: [arn("root")] } : arn(`role/${name}`),
    );
    return {
      account,
      administrators: entries.slice(0, administrators),
      users: entries.slice(administrators),
      ...kind,
      ...rest,
    };
  });
const configuration = fc.record({
  backend: optional(fc.constant({ s3: { bucket: "states", region: "us-east-1" } })),
  defaultTags: optional(tags),
  warehouses: fc.uniqueArray(warehouse, { maxLength: 2, minLength: 1, selector: ({ name }) => name }),
});
type Drawn = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

function stacksOf(drawn: unknown): Synthesized[] {
  const file = fleetOf({ "w.yaml": dump(drawn) });
  return fleetStacks(Testing.app(), file, "../../..").map(synthesize);
}

/** The addresses that a stack refers to, and those that it has. */
function addressesOf(synthesized: Synthesized): { readonly had: Set<string>; readonly referred: Set<string> } {
  const { data, output, resource } = synthesized;
  const had = new Set([
    ...Object.entries(resource).flatMap(([type, elements]) => Object.keys(elements).map((id) => `${type}.${id}`)),
    ...Object.entries(data).flatMap(([type, elements]) => Object.keys(elements).map((id) => `data.${type}.${id}`)),
  ]);
  const text = JSON.stringify({ output, resource });
  const referred = new Set(text.match(/(?<![\w.:/-])(data\.)?aws_[a-z_]+\.[\w-]+(?=[.[\]"])/g));
  return { had, referred };
}

test("each random valid configuration has three key policy statements, and no dangling reference", () => {
  fc.assert(
    fc.property(configuration, (drawn) => {
      for (const synthesized of stacksOf(drawn)) {
        const { policy } = only(synthesized, { tfResourceType: "aws_kms_key" });
        expect(statementsOf(policy as string).map(({ Sid }) => Sid as string)).toStrictEqual([
          "Allow access to principals authorized to use Amazon Redshift",
          "AllowKeyAdministratorsAccess",
          "AllowKeyUseForExampleRole",
        ]);
        const { had, referred } = addressesOf(synthesized);
        expect(referred.size).toBeGreaterThan(3);
        expect([...referred].filter((address) => !had.has(address))).toStrictEqual([]);
      }
    }),
    { numRuns: propertyRuns(10), seed: SEED },
  );
});

test("a random order of administrators and users does not change the key policy", () => {
  fc.assert(
    fc.property(warehouse, (drawn) => {
      const policyOf = (entry: typeof drawn): unknown =>
        only(stacksOf({ warehouses: [entry] })[0]!, { tfResourceType: "aws_kms_key" }).policy;
      const turned = {
        ...drawn,
        administrators: [...drawn.administrators].reverse(),
        users: [...drawn.users].reverse(),
      };
      expect(policyOf(turned)).toBe(policyOf(drawn));
    }),
    { numRuns: propertyRuns(3), seed: SEED },
  );
});

type Step = string | number;

/** The ways to all that is written: what is no map, and no list. */
function leavesOf(value: unknown, path: Step[] = []): Step[][] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]));
  }
  return value === undefined ? [] : [path];
}

function withBroken(value: unknown, [step, ...rest]: Step[], broken: unknown): unknown {
  if (step === undefined) {
    return broken;
  }
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<Step, unknown>;
  copy[step] = withBroken(copy[step], rest, broken);
  return copy;
}

/** The problems of a text; any other error than a configuration's is a defect. */
function errorOf(text: string): string {
  try {
    fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..");
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
}

test("the error names the path of a random broken value", () => {
  const place = ([...path]: Step[]): string =>
    path
      .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
      .join("")
      .slice(1);
  const broken = fc.constantFrom<unknown[]>({ broken: true }, [["broken"]], Number.MIN_SAFE_INTEGER, null);
  fc.assert(
    fc.property(configuration, fc.nat(), broken, (drawn: Drawn, choice, value) => {
      const leaves = leavesOf(drawn);
      const path = leaves[choice % leaves.length]!;
      const text = dump(withBroken(drawn, path, value));
      const message = errorOf(text);
      expect(message).toMatch(/^w\.yaml:\d+ /);
      expect(message).toContain(` ${place(path)}`);
    }),
    { numRuns: propertyRuns(40), seed: SEED },
  );
});

/** Ways to break what stands between settings, each of them right by itself: kind of warehouse, settings, the one that is named. */
const CONTRADICTIONS: readonly (readonly [kind: "cluster" | "serverless" | "key", settings: object, named: string])[] =
  [
    ["cluster", { logS3KeyPrefix: "audit/" }, "cluster.logS3KeyPrefix"],
    ["cluster", { finalSnapshotIdentifier: "last", skipFinalSnapshot: true }, "cluster.finalSnapshotIdentifier"],
    ["cluster", { numberOfNodes: 129 }, "cluster.numberOfNodes"],
    ["cluster", { ownerAccount: "111122223333" }, "cluster.ownerAccount"],
    ["cluster", { snapshotIdentifier: "nightly" }, "cluster.masterUsername"],
    ["cluster", { iamRoles: ["arn:aws-iso:iam::111122223333:role/Copy"] }, "cluster.iamRoles[0]"],
    ["serverless", { baseCapacity: 8, pricePerformanceLevel: 50 }, "serverless.baseCapacity"],
    ["serverless", { baseCapacity: 64, maxCapacity: 32 }, "serverless.maxCapacity"],
    ["serverless", { iamRoles: ["arn:aws-iso:iam::111122223333:role/Copy"] }, "serverless.iamRoles[0]"],
    ["key", { enableKeyRotation: false, rotationPeriodInDays: 90 }, "key.rotationPeriodInDays"],
    ["key", { bypassPolicyLockoutSafetyCheck: true, lockoutPrecondition: true }, "key.lockoutPrecondition"],
  ];

test("the error names both a random contradiction and an unknown key elsewhere", () => {
  fc.assert(
    fc.property(
      configuration,
      fc.constantFrom(...CONTRADICTIONS),
      ({ warehouses, ...shared }, [kind, settings, named]) => {
        const index = warehouses.findIndex((entry) => kind === "key" || kind in entry);
        fc.pre(index !== -1);
        const contradicting = warehouses.map((entry, at) => {
          const section = (entry as { [key in typeof kind]?: object })[kind];
          return at === index ? { ...entry, [kind]: { ...section, ...settings } } : entry;
        });
        const lines = errorOf(dump({ ...shared, unknown: 1, warehouses: contradicting })).split("\n");
        expect(lines.map((line) => line.split(" ")[1])).toContain(`warehouses[${index}].${named}`);
        expect(lines.map((line) => line.split(" ")[1])).toContain("unknown");
      },
    ),
    { numRuns: propertyRuns(20), seed: SEED },
  );
});
