import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  modelOf,
  modelWith,
  type ResourceDetails,
  policyOf,
  readDuringApply,
  type Resource,
  reviewed,
  type Values,
} from "../support/small-plan";

const refersTo = (...references: string[]): Values => ({ references });
const unknown = (name: string, expression: Values, more: ResourceDetails = {}): ResourceDetails => ({
  after_unknown: { [name]: true },
  expressions: { [name]: expression },
  ...more,
});
const key = (address: string, more: ResourceDetails = {}): Resource =>
  created(address, { policy: policyOf(ADMINISTRATOR) }, { after_unknown: { arn: true, key_id: true }, ...more });
const cluster = (expression: Values, address = "aws_redshift_cluster.c"): Resource =>
  created(address, {}, unknown("kms_key_id", expression));

/** The keys of the warehouses, as the report names them. */
const keysOf = (resources: readonly Resource[], modules: Values = {}, more: Values = {}): (string | undefined)[] =>
  reviewed(resources, modules, more).warehouses.map(({ key: { after } }) => after);
const relevant = (...entries: [resource: string, attribute: string][]): Values => ({
  relevant_attributes: entries.map(([resource, attribute]) => ({ attribute: [attribute], resource })),
});

describe("a reference to a local value", () => {
  test.each([
    ["local.policy", {}, "in place of local.policy."],
    ["aws_iam_role.r.arn", {}, "in place of aws_iam_role.r.arn."],
    ["local.policy", { after_sensitive: { policy: true }, after_unknown: {} }, "without sensitive values"],
  ])("in a policy that is not shown, such as %s, is in the remedy", (reference, more, text) => {
    const role = created("aws_iam_role.r", {}, { after_unknown: { arn: true } });
    const policy = created("aws_kms_key.k", { policy: "p" }, unknown("policy", refersTo(reference), more));
    const { findings } = reviewed([role, policy]);
    expect(findings.find(({ rule }) => rule === "key-policy-not-shown")?.remedy).toContain(text);
  });

  const local = cluster(refersTo("local.key"));
  const others = [
    created("terraform_data.t", {}, { after_unknown: { output: true } }),
    created("aws_cloudformation_stack.s", {}, { after_unknown: { id: true, outputs: true } }),
    readDuringApply("data.aws_kms_alias.a", {}),
    readDuringApply("data.aws_caller_identity.c", {}),
  ];

  test("leads to the only key in relevant_attributes whose attribute is unknown", () => {
    const resources = [key("aws_kms_key.k"), key("aws_kms_key.other"), local];
    expect(keysOf(resources, {}, relevant(["aws_kms_key.k", "arn"]))).toStrictEqual(["aws_kms_key.k"]);
  });

  test.each<[string, [string, string][]]>([
    [
      "relevant_attributes has two keys",
      [
        ["aws_kms_key.k", "arn"],
        ["aws_kms_key.other", "arn"],
      ],
    ],
    ["relevant_attributes has no key", [["aws_iam_role.r", "arn"]]],
    ["the relevant attribute of the key is known", [["aws_kms_key.k", "policy"]]],
    [
      "relevant_attributes has a resource of another provider",
      [
        ["aws_kms_key.k", "arn"],
        ["terraform_data.t", "output"],
      ],
    ],
    [
      "relevant_attributes has a data source of another provider",
      [
        ["aws_kms_key.k", "arn"],
        ["data.external.e", "result"],
      ],
    ],
    [
      "relevant_attributes has a data source that is read during the apply",
      [
        ["aws_kms_key.k", "arn"],
        ["data.aws_kms_alias.a", "target_key_arn"],
      ],
    ],
    [
      "relevant_attributes has outputs of a template",
      [
        ["aws_kms_key.k", "arn"],
        ["aws_cloudformation_stack.s", "outputs"],
      ],
    ],
  ])("leads to no key if %s", (_, entries) => {
    const resources = [key("aws_kms_key.k"), key("aws_kms_key.other"), ...others, local];
    expect(keysOf(resources, {}, relevant(...entries))).toStrictEqual(["unknown until apply"]);
  });

  test.each<[string, string]>([
    ["data.aws_caller_identity.c", "account_id"],
    ["data.aws_kms_alias.b", "target_key_arn"],
    ["aws_cloudformation_stack.s", "id"],
  ])("leads to the key beside %s, whose %s names no key or is known", (address, attribute) => {
    const entries = relevant(["aws_kms_key.k", "arn"], [address, attribute]);
    expect(keysOf([key("aws_kms_key.k"), ...others, local], {}, entries)).toStrictEqual(["aws_kms_key.k"]);
  });

  test.each([
    ["aws_kms_key.k", "a module call", { expressions: { key: refersTo("local.key") } }],
    ["unknown until apply", "each.value of a module call", { expressions: { key: refersTo("each.value.key") } }],
  ])("leads to %s through an argument of %s", (expected, _, call) => {
    const inModule = created("module.m.aws_redshift_cluster.c", {}, { after_unknown: { kms_key_id: true } });
    const expressions = { kms_key_id: refersTo("var.key") };
    const resources = [{ address: "aws_redshift_cluster.c", expressions, mode: "managed" }];
    const modules = { m: { for_each_expression: refersTo("local.all"), module: { resources }, ...call } };
    const entries = relevant(["aws_kms_key.k", "arn"]);
    expect(keysOf([key("aws_kms_key.k"), inModule], modules, entries)).toStrictEqual([expected]);
  });

  test("leads to a key by an alias whose target is a local value, also if relevant_attributes has the alias", () => {
    const target = unknown("target_key_id", refersTo("local.key"));
    const alias = created(
      "aws_kms_alias.a",
      { name: "alias/a" },
      { ...target, after_unknown: { arn: true, target_key_id: true } },
    );
    const entries = relevant(["aws_kms_key.k", "arn"], ["aws_kms_alias.a", "arn"]);
    const byAlias = cluster(refersTo("aws_kms_alias.a.target_key_arn", "aws_kms_alias.a"));
    expect(keysOf([key("aws_kms_key.k"), alias, byAlias], {}, entries)).toStrictEqual(["aws_kms_key.k"]);
  });

  test("leads to a key that relevant_attributes names without an attribute", () => {
    const whole = { relevant_attributes: [{ attribute: [], resource: "aws_kms_key.k" }] };
    expect(keysOf([key("aws_kms_key.k"), local], {}, whole)).toStrictEqual(["aws_kms_key.k"]);
  });

  test("leads to no key if relevant_attributes names one key without an attribute, and an attribute of another key", () => {
    const whole = { attribute: [], resource: 'module.kms["a"].aws_kms_key.k' };
    const other = { attribute: ["arn"], resource: "aws_kms_key.other" };
    const resources = [key('module.kms["a"].aws_kms_key.k'), key("aws_kms_key.other"), local];
    expect(keysOf(resources, {}, { relevant_attributes: [whole, other] })).toStrictEqual(["unknown until apply"]);
  });

  test("leads to a key that is in an instance of a module", () => {
    const resources = [key('module.kms["a"].aws_kms_key.k'), local];
    const entries = relevant(['module.kms["a"].aws_kms_key.k', "arn"], ["module.kms.aws_kms_key.k", "arn"]);
    expect(keysOf(resources, {}, entries)).toStrictEqual(['module.kms["a"].aws_kms_key.k']);
  });

  test("has the finding warehouse-key-not-arn if the relevant attribute is key_id", () => {
    const { findings } = reviewed([key("aws_kms_key.k"), local], {}, relevant(["aws_kms_key.k", "key_id"]));
    expect(findings.map(({ rule }) => rule)).toContain("warehouse-key-not-arn");
  });
});

describe("a reference to an output, or by for_each,", () => {
  const outputs = (more: Values = {}): Values => ({
    kms: {
      module: {
        outputs: { key_arn: { expression: refersTo("aws_kms_key.k.arn", "aws_kms_key.k") }, ...more },
        resources: [],
      },
    },
  });
  const [a, b] = [key('module.kms["a"].aws_kms_key.k'), key('module.kms["b"].aws_kms_key.k')];
  const inB = 'module.kms["b"].aws_kms_key.k';
  const clusterB = (expression: Values, forEach: Values, index = '["b"]') => {
    const { change, configured } = cluster(expression, `aws_redshift_cluster.c${index}`);
    return { change, configured: configured.map((one) => ({ ...one, for_each_expression: forEach })) };
  };

  test("without an output leads to the key of the module's outputs if only one instance has a key", () => {
    expect(keysOf([a, cluster(refersTo("module.kms"))], outputs())).toStrictEqual(['module.kms["a"].aws_kms_key.k']);
    expect(keysOf([a, b, cluster(refersTo("module.kms"))], outputs())).toStrictEqual(["unknown until apply"]);
  });

  test("without an output leaves warehouse-key-not-arn unjudged if outputs have an ARN and an ID", () => {
    const both = outputs({ key_id: { expression: refersTo("aws_kms_key.k.key_id", "aws_kms_key.k") } });
    const rules = (modules: Values) =>
      reviewed([a, cluster(refersTo("module.kms"))], modules).notJudged.map(({ rule }) => rule);
    expect(rules(both)).toContain("warehouse-key-not-arn");
    expect(rules(outputs())).not.toContain("warehouse-key-not-arn");
  });

  test("by each.value leads to the only instance with unknown values", () => {
    const old = (index: string) => {
      const { change, configured } = key(`aws_kms_key.k["${index}"]`, { after_unknown: { tags_all: {} } });
      return {
        change: { ...change, change: { actions: ["no-op"], after: { arn: KEY_ARN }, before: { arn: KEY_ARN } } },
        configured,
      };
    };
    const [added, other] = [key('aws_kms_key.k["c"]'), key('aws_kms_key.k["d"]')];
    const byValue = (attribute = "") => cluster(refersTo(`aws_kms_key.k${attribute}`, "each.value"));
    expect(keysOf([old("a"), old("b"), added, byValue()])).toStrictEqual(['aws_kms_key.k["c"]']);
    expect(keysOf([old("a"), added, cluster(refersTo("aws_kms_key.k.arn", "aws_kms_key.k"))])).toStrictEqual([
      'aws_kms_key.k["c"]',
    ]);
    expect(keysOf([old("a"), added, other, byValue()])).toStrictEqual(["unknown until apply"]);
    const otherKey = created("aws_kms_key.j", { arn: KEY_ARN.replace(/.$/, "0") });
    const both = cluster(
      refersTo("aws_kms_key.j.arn", "aws_kms_key.j", 'aws_kms_key.k["c"].arn', 'aws_kms_key.k["c"]'),
    );
    expect(keysOf([added, otherKey, both])).toStrictEqual(["unknown until apply"]);
  });

  test("by each.key leads to the module instance with the same index", () => {
    const byKey = clusterB(refersTo("module.kms", "each.key"), refersTo("var.names"));
    expect(keysOf([a, b, byKey], outputs())).toStrictEqual([inB]);
  });

  test("by each.key leads to no key if the only instance has another key", () => {
    const byKey = clusterB(refersTo("aws_kms_key.k", "each.key"), refersTo("var.names"));
    expect(keysOf([key('aws_kms_key.k["a"]'), byKey])).toStrictEqual(["unknown until apply"]);
    expect(keysOf([key("aws_kms_key.k"), byKey])).toStrictEqual(["aws_kms_key.k"]);
    const byModule = clusterB(refersTo("module.kms", "each.key"), refersTo("var.names"));
    expect(keysOf([a, byModule], outputs())).toStrictEqual(["unknown until apply"]);
    expect(keysOf([key("module.kms.aws_kms_key.k"), byModule], outputs())).toStrictEqual(["module.kms.aws_kms_key.k"]);
  });

  describe("by an index from each.value", () => {
    const byValue = (...names: readonly string[]) => [
      "aws_kms_key.k",
      ...names.map((name) => `each.value.${name}`),
      "each.value",
    ];
    const keys = [key('aws_kms_key.k["a"]'), key('aws_kms_key.k["b"]')];
    const constant = { constant_value: { b: { deep: [{ name: "a" }], extra: "sg-1", name: "a" }, c: { name: "b" } } };

    test.each<[string, Values, readonly string[]]>([
      ["a constant", constant, byValue("name")],
      ["a part of a constant", constant, byValue("deep[0].name")],
      ["the string of a constant", { constant_value: { b: "a" } }, ["aws_kms_key.k", "each.value"]],
      ["a variable", refersTo("var.warehouses"), byValue("name")],
      ["a part of a variable", refersTo("var.all.warehouses", "var.all"), byValue("name")],
    ])("in %s leads to the key that has the index", (_, forEach, references) => {
      const warehouses = constant.constant_value;
      const variables = { variables: { all: { value: { warehouses } }, warehouses: { value: warehouses } } };
      const one = clusterB(refersTo(...references), forEach);
      expect(keysOf([...keys, one], {}, variables)).toStrictEqual(['aws_kms_key.k["a"]']);
    });

    test("in a module call leads to the instance of the module, and of the resource, that has the index", () => {
      const argument = (...references: readonly string[]): Values => ({
        wh: {
          expressions: { key: refersTo(...references, "each.value.name", "each.value") },
          for_each_expression: constant,
          module: { resources: cluster(refersTo("var.key")).configured },
        },
      });
      const inner = { ...cluster(refersTo("var.key"), 'module.wh["b"].aws_redshift_cluster.c'), configured: [] };
      expect(keysOf([...keys, inner], argument("aws_kms_key.k"))).toStrictEqual(['aws_kms_key.k["a"]']);
      expect(keysOf([a, b, inner], { ...outputs(), ...argument("module.kms.key_arn", "module.kms") })).toStrictEqual([
        'module.kms["a"].aws_kms_key.k',
      ]);
    });

    test("in a set leads to the key that has the index", () => {
      const { change, configured } = clusterB(refersTo("aws_kms_key.k", "each.value"), refersTo("var.names"));
      const variables = { variables: { names: { value: ["a", "b"] } } };
      expect(keysOf([...keys, { change, configured }], {}, variables)).toStrictEqual(['aws_kms_key.k["b"]']);
    });

    test("in a variable of a module, which is a part of each.value of its call, leads to the key that has the index", () => {
      const { change } = cluster({}, 'module.wh["b"].aws_redshift_cluster.c["x"]');
      const { configured } = clusterB(refersTo("aws_kms_key.k", "each.value.key", "each.value"), refersTo("var.sets"));
      const inner = ["a", "b"].map((index) => key(`module.wh["b"].aws_kms_key.k["${index}"]`));
      const calls = {
        wh: {
          expressions: { sets: refersTo("each.value.sets", "each.value") },
          for_each_expression: { constant_value: { b: { sets: { x: { key: "a" } } } } },
          module: { resources: configured },
        },
      };
      expect(keysOf([...inner, { change, configured: [] }], calls)).toStrictEqual([
        'module.wh["b"].aws_kms_key.k["a"]',
      ]);
    });

    test.each<[string, Values, string]>([
      ["no key has the index", constant, "extra"],
      ["for_each is a local value", refersTo("local.warehouses"), "name"],
      ["for_each has another value beside a variable", refersTo("var.warehouses", "local.defaults"), "name"],
      ["the variable is sensitive", refersTo("var.secret"), "name"],
    ])("leads to no key if %s", (_, forEach, name) => {
      const values = { value: constant.constant_value };
      const root = { configuration: { root_module: { variables: { secret: { sensitive: true } } } } };
      const more = { variables: { secret: values, warehouses: values } };
      const { change, configured } = clusterB(refersTo(...byValue(name)), forEach);
      const resources = [...keys, { change, configured }];
      const configuration = {
        root_module: { resources: resources.flatMap((one) => one.configured), ...root.configuration.root_module },
      };
      expect(keysOf(resources, {}, { ...more, configuration })).toStrictEqual(["unknown until apply"]);
    });
  });

  test("with an index leads to the KMS key of this instance", () => {
    expect(keysOf([a, b, cluster(refersTo('module.kms["b"].key_arn', 'module.kms["b"]'))], outputs())).toStrictEqual([
      inB,
    ]);
  });

  test("by each.key leads to the resource instance with the same index", () => {
    const keys = [key('aws_kms_key.k["a"]'), key('aws_kms_key.k["b"]')];
    const byKey = clusterB(refersTo("aws_kms_key.k", "each.key"), refersTo("var.names"));
    expect(keysOf([...keys, byKey])).toStrictEqual(['aws_kms_key.k["b"]']);
  });

  test.each([
    ["a local value between", ["aws_kms_key.k", "local.keys", "each.key"]],
    ["the same resource by another index", ["aws_kms_key.k", "each.key", "aws_kms_key.k", "var.shared"]],
  ])("by each.key leads to no key with %s", (_, references) => {
    const keys = [key('aws_kms_key.k["a"]'), key('aws_kms_key.k["b"]')];
    const byKey = clusterB(refersTo(...references), refersTo("var.names"));
    expect(keysOf([...keys, byKey])).toStrictEqual(["unknown until apply"]);
  });

  test.each<[string, Values, Values]>([
    ["by each.key", refersTo("module.keys.arns", "module.keys", "each.key"), refersTo("var.names")],
    ["by each.value", refersTo("each.value"), refersTo("module.keys.arns", "module.keys")],
    ["with an index", refersTo('module.keys.arns["b"]', "module.keys.arns", "module.keys"), {}],
  ])("%s leads to the resource with this index in an output of a module", (_, expression, forEach) => {
    const keysIn = (names: readonly string[]): readonly Resource[] => names.map((name) => key(`module.keys.${name}`));
    const keys = keysIn(['aws_kms_key.k["a"]', 'aws_kms_key.k["b"]']);
    const calls = (...references: string[]): Values => ({
      keys: { module: { outputs: { arns: { expression: refersTo(...references) } }, resources: [] } },
    });
    const forEachCluster = clusterB(expression, forEach);
    expect(keysOf([...keys, forEachCluster], calls("aws_kms_key.k"))).toStrictEqual(['module.keys.aws_kms_key.k["b"]']);
    const others = keysIn(["aws_kms_key.i", "aws_kms_key.j"]);
    expect(keysOf([...others, forEachCluster], calls("aws_kms_key.i.arn", "aws_kms_key.j.arn"))).toStrictEqual([
      "unknown until apply",
    ]);
  });

  test("leads to no key if it has a number as index of the output: the output may have another order", () => {
    const keys = [0, 1].map((index): Resource => {
      const { change, configured } = key(`module.keys.aws_kms_key.k["${index}"]`);
      return { change: { ...change, index }, configured };
    });
    const reversed = { outputs: { arns: { expression: refersTo("aws_kms_key.k") } }, resources: [] };
    const first = cluster(refersTo("module.keys.arns[0]", "module.keys.arns", "module.keys"));
    expect(keysOf([...keys, first], { keys: { module: reversed } })).toStrictEqual(["unknown until apply"]);
  });

  test("by each.key does not lead to the key in for_each", () => {
    const keys = ["k", "other"].flatMap((name) => ["a", "b"].map((index) => key(`aws_kms_key.${name}["${index}"]`)));
    const byKey = clusterB(refersTo("aws_kms_key.k", "each.key"), refersTo("aws_kms_key.other"));
    expect(keysOf([...keys, byKey])).toStrictEqual(['aws_kms_key.k["b"]']);
  });

  test("by each.value leads to the module instance with the same index in a module without an index", () => {
    const chained = clusterB(refersTo("each.value.key_arn", "each.value"), refersTo("module.kms"));
    const inOuter = ({ change, configured }: Resource): Resource => ({
      change: { ...change, address: `module.outer.${String(change.address)}`, module_address: "module.outer" },
      configured,
    });
    const keys = ["a", "b"].map((index) => key(`module.outer.module.kms["${index}"].aws_kms_key.k`));
    const modules = { outer: { module: { module_calls: outputs(), resources: chained.configured } } };
    const resources = [...keys, { ...inOuter(chained), configured: [] }];
    expect(keysOf(resources, modules)).toStrictEqual([`module.outer.${inB}`]);
  });

  test("by each.value leads to the output of the module instance with the same index", () => {
    const chained = clusterB(refersTo("each.value.key_arn", "each.value"), refersTo("module.kms"));
    expect(keysOf([a, b, chained], outputs())).toStrictEqual([inB]);
    const byId = outputs({ key_arn: { expression: refersTo("aws_kms_key.k.id", "aws_kms_key.k") } });
    expect(reviewed([a, b, chained], byId).findings.map(({ rule }) => rule)).toContain("warehouse-key-not-arn");
  });

  test("by each.value leads to the module instance with the same index if all of its resources are in a nested module", () => {
    const inner = key("aws_kms_key.k");
    const keys = ["a", "b"].map((index) => key(`module.kms["${index}"].module.key.aws_kms_key.k`));
    const modules = {
      kms: {
        module: {
          module_calls: {
            key: {
              module: { outputs: { arn: { expression: refersTo("aws_kms_key.k.arn") } }, resources: inner.configured },
            },
          },
          outputs: { key_arn: { expression: refersTo("module.key.arn", "module.key") } },
        },
      },
    };
    const chained = clusterB(refersTo("each.value.key_arn", "each.value"), refersTo("module.kms"));
    expect(keysOf([...keys, chained], modules)).toStrictEqual(['module.kms["b"].module.key.aws_kms_key.k']);
  });

  test("by each.value leads to the module instance with the same index if it has only policy documents", () => {
    const address = "data.aws_iam_policy_document.d";
    const documents = ["a", "b"].map((index) =>
      readDuringApply(`module.docs["${index}"].${address}`, {}, { after_unknown: { json: true } }),
    );
    const policy = created(
      'aws_iam_role_policy.p["b"]',
      { role: "r" },
      unknown("policy", refersTo("each.value.json", "each.value")),
    );
    const [configured] = policy.configured;
    const model = modelWith(
      { docs: { module: { outputs: { json: { expression: refersTo(`${address}.json`, address) } } } } },
      ...documents,
      { ...policy, configured: [{ ...configured, for_each_expression: refersTo("module.docs") }] },
    );
    const [resource] = model.withType("aws_iam_role_policy");
    expect(model.references.resourcesBehind(resource!, "policy").map((one) => one.address)).toStrictEqual([
      `module.docs["b"].${address}`,
    ]);
  });

  test("by each.value leads to the resource instance with the same index, and to no key without such an instance", () => {
    const chained = clusterB(refersTo("each.value.arn", "each.value"), refersTo("aws_kms_key.k"));
    const keys = [key('aws_kms_key.k["a"]'), key('aws_kms_key.k["b"]')];
    expect(keysOf([...keys, chained])).toStrictEqual(['aws_kms_key.k["b"]']);
    expect(keysOf([key('aws_kms_key.k["a"]'), key('aws_kms_key.k["c"]'), chained])).toStrictEqual([
      "unknown until apply",
    ]);
  });

  test("by each.value leads to the policy document with the same index, and through the each.value of the document to the key", () => {
    const each = (reference: string): Values => refersTo(`each.value.${reference}`, "each.value");
    const chainedBy = (source: string, one: Resource): Resource => ({
      change: one.change,
      configured: one.configured.map((entry) => ({ ...entry, for_each_expression: refersTo(source) })),
    });
    const [first, second] = ["a", "b"].map((index) => {
      const statement = { actions: [`kms:${index}`], resources: [null] };
      const marks = { json: true, statement: [{ resources: [true] }] };
      const details = { after_unknown: marks, expressions: { statement: [{ resources: each("arn") }] } };
      const document = readDuringApply(
        `data.aws_iam_policy_document.d["${index}"]`,
        { statement: [statement] },
        details,
      );
      return chainedBy("aws_kms_key.k", document);
    });
    const policy = chainedBy(
      "data.aws_iam_policy_document.d",
      created('aws_iam_role_policy.p["b"]', { role: "r" }, unknown("policy", each("json"))),
    );
    const model = modelOf(key('aws_kms_key.k["a"]'), key('aws_kms_key.k["b"]'), first!, second!, policy);
    const [resource] = model.withType("aws_iam_role_policy");
    expect(model.references.resourcesBehind(resource!, "policy").map(({ address }) => address)).toStrictEqual([
      'data.aws_iam_policy_document.d["b"]',
      'aws_kms_key.k["b"]',
    ]);
  });

  test("by each.value leads to the resource of for_each if the resource has no instances", () => {
    const chained = clusterB(refersTo("each.value.arn", "each.value"), refersTo("aws_kms_key.k"));
    expect(keysOf([key("aws_kms_key.k"), chained])).toStrictEqual(["aws_kms_key.k"]);
  });

  test("by each.value leads to the only instance of for_each if the address has no index", () => {
    const chained = clusterB(refersTo("each.value.arn", "each.value"), refersTo("aws_kms_key.k"), "");
    expect(keysOf([key('aws_kms_key.k["a"]'), chained])).toStrictEqual(['aws_kms_key.k["a"]']);
  });
});

describe("a policy that is a variable of a module", () => {
  const isConfigured = (call: Values, variable: Values = {}, more: Values = {}): boolean => {
    const { change } = created("module.m.aws_kms_key.k", {}, { after_unknown: { policy: true } });
    const module = {
      resources: [{ address: "aws_kms_key.k", expressions: { policy: refersTo("var.policy") }, mode: "managed" }],
      variables: { policy: variable },
    };
    const { findings } = reviewed([{ change, configured: [] }], { m: { module, ...call } }, more);
    return findings.some(({ rule }) => rule === "key-policy-not-shown");
  };
  const argument = (expression: unknown): Values => ({ expressions: { policy: expression } });

  test.each([
    ["the call has no argument", {}, {}, {}],
    ["the call has no argument, and its default is null", {}, { default: null }, {}],
    ["the expression of the argument is null", argument(null), {}, {}],
    ["the argument is the constant null", argument({ constant_value: null }), { default: "{}" }, {}],
    ["the argument is a variable without a value", argument(refersTo("var.outer")), {}, {}],
    ["the argument is a variable that is null", argument(refersTo("var.outer")), {}, { outer: { value: null } }],
  ])("is not configured if %s", (_, call, variable, variables) => {
    expect(isConfigured(call, variable, { variables })).toBe(false);
  });

  test.each([
    ["it has a default", {}, { default: "{}" }, {}],
    ["the argument is a constant", argument({ constant_value: "{}" }), {}, {}],
    ["the argument is a variable with a value", argument(refersTo("var.outer")), {}, { outer: { value: "{}" } }],
    ["the argument is two variables", argument(refersTo("var.outer", "var.other")), {}, {}],
    ["the argument is a resource", argument(refersTo("data.aws_iam_policy_document.d.json")), {}, {}],
  ])("is configured if %s", (_, call, variable, variables) => {
    expect(isConfigured(call, variable, { variables })).toBe(true);
  });
});

test("each.value in a data source does not lead to the for_each of a cluster that reads it", () => {
  const data = created("data.external.d", {}, { expressions: { query: refersTo("each.value.arn", "each.value") } });
  const { change, configured } = cluster(refersTo("data.external.d.result", "data.external.d"));
  const chained = {
    change,
    configured: configured.map((one) => ({ ...one, for_each_expression: refersTo("aws_kms_key.k") })),
  };
  expect(keysOf([key("aws_kms_key.k"), data, chained])).toStrictEqual(["unknown until apply"]);
});

describe("the Region of a warehouse", () => {
  const viaService = {
    Action: ["kms:CreateGrant", "kms:DescribeKey"],
    Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "redshift.eu-west-1.amazonaws.com" } },
    Effect: "Allow",
    Principal: { AWS: "*" },
    Resource: "*",
  };
  const resources = [
    created("aws_kms_key.k", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR, viaService) }),
    created("aws_redshift_cluster.c", { kms_key_id: KEY_ARN }),
  ].map(({ change }) => change);
  const configured = (address: string, more: Values = {}) => ({
    address,
    mode: "managed",
    provider_config_key: "aws",
    ...more,
  });
  const rulesFor = (region: Values, more: Values = {}, root: Values = {}, provider: Values = {}): string[] => {
    const { findings, notJudged } = reviewed(
      [],
      {},
      {
        configuration: {
          provider_config: { aws: { expressions: { region }, ...provider } },
          root_module: {
            resources: [
              ...["aws_kms_key.k", "aws_redshift_cluster.c"].map((address) => configured(address)),
              configured("data.aws_region.here", { mode: "data" }),
            ],
            ...root,
          },
        },
        resource_changes: resources,
        ...more,
      },
    );
    return [...findings.map(({ rule }) => rule), ...notJudged.map(({ rule }) => `${rule}?`)];
  };
  const FAULT = "key-policy-no-data-api-grant";
  const state = (values: Values) => ({
    prior_state: {
      values: {
        root_module: {
          resources: [{ address: "data.aws_region.here", mode: "data", type: "aws_region", values }],
        },
      },
    },
  });
  const variable = (value: unknown) => ({ variables: { region: { value } } });

  test.each<[string, string[]]>([
    ["a constant of the provider", rulesFor({ constant_value: "us-east-1" })],
    ["a variable of the root module", rulesFor(refersTo("var.region"), variable("us-east-1"))],
    [
      "the default of a variable",
      rulesFor(refersTo("var.region"), {}, { variables: { region: { default: "us-east-1" } } }),
    ],
    ["the aws_region data source of the provider", rulesFor(refersTo("local.region"), state({ id: "us-east-1" }))],
    ["the name that an older provider gives it", rulesFor(refersTo("local.region"), state({ name: "us-east-1" }))],
  ])("is read from %s", (_, rules) => {
    expect(rules).toContain(FAULT);
  });

  test.each<[string, string[]]>([
    ["a variable with a part of a Region's name", rulesFor(refersTo("var.region"), variable("us"))],
    ["an expression of two variables", rulesFor(refersTo("var.region", "var.stage"), variable("us-east-1"))],
    [
      "a sensitive variable",
      rulesFor(refersTo("var.region"), variable("us-east-1"), { variables: { region: { sensitive: true } } }),
    ],
    [
      "a variable of a module with the name of a variable of the root module",
      rulesFor(
        refersTo("var.region"),
        variable("us-east-1"),
        { module_calls: { m: { module: { variables: { region: {} } } } } },
        { module_address: "module.m" },
      ),
    ],
    ["a local value", rulesFor(refersTo("local.region"))],
    [
      "an aws_region data source that sets region",
      rulesFor(refersTo("local.region"), state({ id: "us-east-1" }), {
        resources: [
          ...["aws_kms_key.k", "aws_redshift_cluster.c"].map((address) => configured(address)),
          configured("data.aws_region.here", { expressions: { region: refersTo("var.other") }, mode: "data" }),
        ],
      }),
    ],
    ...["endpoint", "name"].map((argument): [string, string[]] => [
      `an aws_region data source that sets ${argument}`,
      rulesFor(refersTo("local.region"), state({ id: "us-east-1" }), {
        resources: [
          ...["aws_kms_key.k", "aws_redshift_cluster.c"].map((address) => configured(address)),
          configured("data.aws_region.here", { expressions: { [argument]: refersTo("var.other") }, mode: "data" }),
        ],
      }),
    ]),
    [
      "aws_region data sources with different values, of a provider with for_each",
      rulesFor(refersTo("each.key"), {
        prior_state: {
          values: {
            root_module: {
              resources: ["us-east-1", "eu-west-1"].map((id) => ({
                address: `data.aws_region.here["${id}"]`,
                mode: "data",
                type: "aws_region",
                values: { id },
              })),
            },
          },
        },
      }),
    ],
  ])("is unknown from %s", (_, rules) => {
    expect(rules).not.toContain(FAULT);
    expect(rules).toContain(`${FAULT}?`);
  });
});

test("the caller that a key locks out is the caller of the key's provider", () => {
  const data = (name: string, role: string) => ({
    address: `data.aws_caller_identity.${name}`,
    mode: "data",
    type: "aws_caller_identity",
    values: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session` },
  });
  const configured = (address: string, provider: string) => ({
    address,
    mode: address.startsWith("data.") ? "data" : "managed",
    provider_config_key: provider,
  });
  const { findings } = reviewed(
    [],
    {},
    {
      configuration: {
        root_module: {
          resources: [
            configured("aws_kms_key.k", "aws.west"),
            configured("data.aws_caller_identity.east", "aws"),
            configured("data.aws_caller_identity.west", "aws.west"),
          ],
        },
      },
      prior_state: {
        values: { root_module: { resources: [data("east", "ExampleAdminRole"), data("west", "Stranger")] } },
      },
      resource_changes: [created("aws_kms_key.k", { policy: policyOf(ADMINISTRATOR) }).change],
    },
  );
  expect(findings.find(({ rule }) => rule === "key-policy-locks-out-caller")?.consequence).toContain("/Stranger/");
});

describe("the provider of a module whose parent has no resources", () => {
  const AWS = { full_name: "registry.terraform.io/hashicorp/aws", name: "aws" };
  const inherited = { ...AWS, module_address: "module.a.module.b" };
  const region = (constant: string) => ({ ...AWS, expressions: { region: { constant_value: constant } } });
  const remediesWith = (providers: Values): string[] => {
    const resource = {
      address: "aws_redshift_cluster.c",
      mode: "managed",
      provider_config_key: "module.a.module.b:aws",
    };
    const { findings, notJudged } = reviewed(
      [],
      {},
      {
        configuration: {
          provider_config: { ...providers, "module.a.module.b:aws": inherited },
          root_module: {
            module_calls: { a: { module: { module_calls: { b: { module: { resources: [resource] } } } } } },
          },
        },
        resource_changes: [
          created("module.a.module.b.aws_redshift_cluster.c", {
            kms_key_id: KEY_ARN.replace(/^(arn:aws:kms):[^:]*/, "$1:eu-west-1"),
          }).change,
        ],
      },
    );
    return [...findings, ...notJudged.map((one) => ({ ...one, rule: `${one.rule}?` }))]
      .map(({ rule }) => rule)
      .filter((rule) => rule.startsWith("warehouse-key-of-other-region"));
  };

  test("is the only provider configuration of the plan, in the root or in another module", () => {
    expect(remediesWith({ aws: region("us-east-1") })).toStrictEqual(["warehouse-key-of-other-region"]);
    expect(remediesWith({ "module.c:aws": { ...region("us-east-1"), module_address: "module.c" } })).toStrictEqual([
      "warehouse-key-of-other-region",
    ]);
    const other = { ...region("eu-west-1"), full_name: "registry.terraform.io/other/aws" };
    expect(remediesWith({ aws: region("us-east-1"), other })).toStrictEqual(["warehouse-key-of-other-region"]);
  });

  test("is unknown if the plan has several provider configurations, or none", () => {
    const [east, west] = [region("us-east-1"), { ...region("us-west-2"), alias: "west" }];
    expect(remediesWith({ aws: east, "aws.west": west })).toStrictEqual(["warehouse-key-of-other-region?"]);
    expect(remediesWith({ aws: AWS, "aws.west": west })).toStrictEqual(["warehouse-key-of-other-region?"]);
    expect(remediesWith({})).toStrictEqual(["warehouse-key-of-other-region?"]);
  });

  test.each<[string, string, boolean]>([
    ["is the same for all such modules if no module configures the provider", "aws", true],
    ["is not the provider of a module that uses another provider", "other", false],
  ])("%s", (_, name, isOne) => {
    const configured = (address: string, provider: string) => ({
      address,
      mode: "data",
      provider_config_key: provider,
    });
    const caller = (address: string) => ({
      address,
      mode: "data",
      type: "aws_caller_identity",
      values: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Stranger/session` },
    });
    const inModule = (name: string, resource: Values) => ({ [name]: { module: { resources: [resource] } } });
    const { findings } = reviewed(
      [],
      {},
      {
        configuration: {
          provider_config: {
            "module.a:aws": { full_name: `registry.terraform.io/hashicorp/${name}`, module_address: "module.a", name },
            "module.b:aws": { ...AWS, module_address: "module.b" },
          },
          root_module: {
            module_calls: {
              ...inModule("a", configured("data.aws_caller_identity.here", "module.a:aws")),
              ...inModule("b", { ...configured("aws_kms_key.k", "module.b:aws"), mode: "managed" }),
            },
          },
        },
        prior_state: { values: { root_module: { resources: [caller("module.a.data.aws_caller_identity.here")] } } },
        resource_changes: [created("module.b.aws_kms_key.k", { policy: policyOf(ADMINISTRATOR) }).change],
      },
    );
    expect(findings.some(({ rule }) => rule === "key-policy-locks-out-caller")).toBe(isOne);
  });
});

test.each<[string, Values]>([
  ["a constant", { tags: { constant_value: { references: "docs" } } }],
  ["a block", { references: [{ name: { constant_value: "x" } }] }],
])("an object key named references in %s is not read as a reference", (_, expressions) => {
  expect(keysOf([created("aws_kms_key.k", {}, { expressions }), cluster(refersTo("aws_kms_key.k.arn"))])).toStrictEqual(
    ["aws_kms_key.k"],
  );
});

describe("a policy document that is read during the apply", () => {
  const statementsIn = (after: Values, marks: Values = {}): unknown[] => {
    const document = readDuringApply("data.aws_iam_policy_document.d", after, {
      after_unknown: { json: true, ...marks },
    });
    const policy = unknown("policy", refersTo("data.aws_iam_policy_document.d.json"));
    return reviewed([document, created("aws_kms_key.k", {}, policy)]).keys[0]!.unplaced.map(
      ({ statement }) => statement,
    );
  };

  test("keeps a statement of a source whose Sid looks like an unknown Sid of the document", () => {
    const everybody = { Action: "kms:*", Effect: "Allow", Principal: "*", Resource: "*", Sid: "unknown until apply" };
    const statements = statementsIn(
      { source_policy_documents: [policyOf(everybody)], statement: [{ actions: ["kms:Decrypt"], sid: null }] },
      { statement: [{ sid: true }] },
    );
    expect(statements).toContainEqual(expect.objectContaining({ Principal: "*" }));
  });

  test("joins the principals of all blocks of one type", () => {
    const principals = [
      { identifiers: ["one"], type: "AWS" },
      { identifiers: [null], type: "AWS" },
    ];
    const marks = { statement: [{ principals: [{}, { identifiers: [true] }] }] };
    expect(statementsIn({ statement: [{ principals }] }, marks)).toStrictEqual([
      { Effect: "Allow", Principal: { AWS: ["one", "unknown until apply"] } },
    ]);
  });

  test("has the principals and conditions as they are if the plan does not show one of their blocks", () => {
    const blocks = [{ identifiers: ["one"], type: "AWS" }];
    const tests = [{ test: "StringEquals", values: ["a"], variable: "aws:PrincipalOrgID" }];
    const marks = { statement: [{ condition: [false, true], principals: [false, true] }] };
    expect(
      statementsIn({ statement: [{ condition: [...tests, null], principals: [...blocks, null] }] }, marks),
    ).toStrictEqual([
      {
        Condition: [...tests, "unknown until apply"],
        Effect: "Allow",
        Principal: [...blocks, "unknown until apply"],
      },
    ]);
  });

  test("has a map of principals if * has a type and there is another type", () => {
    const principals = [
      { identifiers: ["*"], type: "*" },
      { identifiers: ["one"], type: "AWS" },
    ];
    expect(statementsIn({ statement: [{ principals }] })).toStrictEqual([
      { Effect: "Allow", Principal: { "*": ["*"], AWS: ["one"] } },
    ]);
  });

  test("merges source documents, its own statements and override documents, of which a later statement replaces an earlier statement of the same Sid", () => {
    const document = (...statements: Values[]) => JSON.stringify({ Statement: statements });
    const after = {
      override_policy_documents: [document({ Action: "override", Sid: "One" }, { Action: "override", Sid: "Five" })],
      source_json: document({ Action: "source", Sid: "Two" }),
      source_policy_documents: [
        document({ Action: "source", Sid: "One" }, { Action: "source", Sid: "Three" }),
        "{",
        "4",
      ],
      statement: [
        { actions: ["block"], sid: "One" },
        { actions: ["block"], sid: "Four" },
      ],
    };
    expect(statementsIn(after)).toStrictEqual([
      { Action: "override", Sid: "One" },
      { Action: ["block"], Effect: "Allow", Sid: "Four" },
      { Action: "source", Sid: "Two" },
      { Action: "source", Sid: "Three" },
      { Action: "override", Sid: "Five" },
    ]);
  });
});
