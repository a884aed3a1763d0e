import {
  created,
  destroyed,
  findingsOf,
  forgotten,
  kept,
  type Resource,
  type ResourceDetails,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

const OPEN = "warehouse-open-security-group";
const cluster = (values: Values = {}) =>
  created(
    "aws_redshift_cluster.this",
    { vpc_security_group_ids: ["sg-1"], ...values },
    { expressions: { vpc_security_group_ids: {} } },
  );
const group = (ingress: Values = {}, details: ResourceDetails = {}) =>
  kept(
    "aws_security_group.this",
    {
      id: "sg-1",
      ingress: [{ cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439, ...ingress }],
    },
    details,
  );
const ranges = (...resources: readonly Resource[]) =>
  findingsOf(OPEN, ...resources).map(
    ({ consequence }) => /opens port (\d+ to [^:]+|\d+ to \S+):/.exec(consequence)?.[1],
  );
/** Why the rule is not judged. */
const reasons = (resources: readonly Resource[], modules: Values = {}) =>
  reviewed(resources, modules).notJudged.flatMap(({ reason, rule }) => (rule === OPEN ? [reason] : []));
const unknownFrom = (name: string, ...references: readonly string[]): ResourceDetails => ({
  after_unknown: { [name]: true },
  expressions: { [name]: { references } },
});
const HIDDEN_CONSTANT = "vpc_security_group_ids is unknown until apply, so a constant in it is not shown";

describe.each([
  ["aws_redshift_endpoint_access", "aws_redshift_cluster", "cluster_identifier"],
  ["aws_redshiftserverless_endpoint_access", "aws_redshiftserverless_workgroup", "workgroup_name"],
])("a new %s", (type, warehouseType, name) => {
  const warehouse = (port: unknown, more: ResourceDetails = {}) =>
    kept(`${warehouseType}.w`, { [name]: "w", port }, { expressions: { port: {} }, ...more });
  const endpoint = created(
    `${type}.e`,
    { [name]: "w", vpc_security_group_ids: ["sg-1"] },
    { after_unknown: { port: true }, expressions: { vpc_security_group_ids: {} } },
  );
  const opened = (port: number) => group({ from_port: port, to_port: port });

  test("has a finding if its security group opens the port of its warehouse", () => {
    expect(ranges(warehouse(5440), endpoint, opened(5440))).toStrictEqual(["5440 to 0.0.0.0/0"]);
    expect(ranges(warehouse(5440), endpoint, opened(5439))).toStrictEqual([]);
  });

  test("has a finding also if the name of its new warehouse is unknown", () => {
    const unnamed = created(`${type}.e`, { vpc_security_group_ids: ["sg-1"] }, unknownFrom(name, `${warehouseType}.w`));
    expect(ranges(warehouse(5440), unnamed, opened(5440))).toStrictEqual(["5440 to 0.0.0.0/0"]);
  });

  test("is not judged if the plan does not show the warehouse's port, and is judged if it has its own port", () => {
    const absent = "its warehouse, which has its port, is not in the plan";
    expect(reasons([endpoint, opened(5440)])).toStrictEqual([absent]);
    expect(reasons([warehouse(5440, { after_sensitive: { port: true } }), endpoint, opened(5440)])).toContain(
      "port is sensitive",
    );
    const standing = kept(`${type}.e`, { port: 5440, vpc_security_group_ids: ["sg-1"] });
    expect(ranges(standing, opened(5440))).toStrictEqual(["5440 to 0.0.0.0/0"]);
    expect(reasons([standing, opened(443)])).toStrictEqual([]);
  });
});

test.each<[string, Values]>([
  ["awscc_ec2_security_group_ingress", {}],
  ["awscc_ec2_security_group", {}],
  ["awscc_ec2_prefix_list", {}],
  ["awscc_cloudformation_stack", {}],
  ["aws_cloudcontrolapi_resource", { type_name: "AWS::EC2::SecurityGroupIngress" }],
])("the ports of warehouses are not judged beside a new %s", (type, values) => {
  const rules = reviewed([cluster(), group({ cidr_blocks: [] }), created(`${type}.x`, values)]).notJudged;
  expect(rules.filter(({ address }) => address === `${type}.x`).map(({ rule }) => rule)).toContain(OPEN);
});

describe("a warehouse with a security group", () => {
  test.each([
    ["the world has a finding", {}, ["5439 to 0.0.0.0/0"]],
    ["half of the world has a finding", { cidr_blocks: ["10.0.0.0/8", "128.0.0.0/1"] }, ["5439 to 128.0.0.0/1"]],
    [
      "the world in 256 ranges has a finding",
      { cidr_blocks: Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`) },
      ["5439 to 4,294,967,296 addresses"],
    ],
    [
      "134,217,728 addresses has a finding",
      { cidr_blocks: Array.from({ length: 8 }, (_, first) => `${first + 20}.0.0.0/8`) },
      ["5439 to 134,217,728 addresses"],
    ],
    [
      "fewer addresses has no finding",
      { cidr_blocks: [...Array.from({ length: 7 }, (_, first) => `${first + 20}.0.0.0/8`), "30.0.0.0/9"] },
      [],
    ],
    ["the same network 64 times has no finding", { cidr_blocks: Array.from({ length: 64 }, () => "10.0.0.0/8") }, []],
    ["networks of an organization has no finding", { cidr_blocks: ["10.0.0.0/8", "17.0.0.0/8", "172.16.0.0/12"] }, []],
    ["the world by IPv6 has a finding", { cidr_blocks: [], ipv6_cidr_blocks: ["::/0"] }, ["5439 to ::/0"]],
    [
      "most of the world in 38 ranges of IPv6 has a finding",
      { cidr_blocks: [], ipv6_cidr_blocks: Array.from({ length: 38 }, (_, index) => `24${index + 10}::/16`) },
      ["5439 to 38 large IPv6 ranges"],
    ],
    [
      "the same networks of IPv6 64 times has no finding",
      { cidr_blocks: [], ipv6_cidr_blocks: Array.from({ length: 64 }, () => ["2001::/16", "2600:1f00::/24"]).flat() },
      [],
    ],
    ["the world on all protocols has a finding", { from_port: 0, protocol: "-1", to_port: 0 }, ["5439 to 0.0.0.0/0"]],
    [
      "the world on a range with the port has a finding",
      { from_port: 0, protocol: "6", to_port: 65535 },
      ["5439 to 0.0.0.0/0"],
    ],
    ["the world on the old name of all protocols has a finding", { protocol: "all" }, ["5439 to 0.0.0.0/0"]],
    ["the world on all protocols in capitals has a finding", { protocol: "ALL" }, ["5439 to 0.0.0.0/0"]],
    ["the world on another port has no finding", { from_port: 443, to_port: 443 }, []],
    ["the world on higher ports has no finding", { from_port: 5440, to_port: 6000 }, []],
    ["an address without a length has no finding", { cidr_blocks: ["10.0.0.1"] }, []],
    ["the world by UDP has no finding", { protocol: "udp" }, []],
    ["a network has no finding", { cidr_blocks: ["10.0.0.0/8"] }, []],
    [
      "ranges that together are the world, in any order, has a finding",
      { cidr_blocks: Array.from({ length: 256 }, (_, first) => `${255 - first}.0.0.0/8`) },
      ["5439 to 4,294,967,296 addresses"],
    ],
    [
      "the same large range 64 times, and a range before this range, has no finding",
      { cidr_blocks: [...Array.from({ length: 64 }, () => "20.0.0.0/8"), "10.0.0.0/8"] },
      [],
    ],
    [
      "networks of IPv6 with a tail has no finding",
      {
        cidr_blocks: ["10.0.0.0/8"],
        ipv6_cidr_blocks: Array.from({ length: 64 }, () => ["2001::1/16", "2001:0:0:0:0:0:0:2/16", "::5/17"]).flat(),
      },
      [],
    ],
    ["a network by IPv6 has no finding", { cidr_blocks: [], ipv6_cidr_blocks: ["2001:db8::/32"] }, []],
    ["another group has no finding", { cidr_blocks: null, security_groups: ["sg-2"] }, []],
  ])("that lets in %s", (_, ingress, expected) => {
    expect(ranges(cluster(), group(ingress))).toStrictEqual(expected);
  });

  test("that opens its port has a finding if another part of the ingress block is unknown", () => {
    const block = { cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439 };
    const partly = (values: Values, unknown: Values) =>
      created(
        "aws_security_group.this",
        { id: "sg-1", ingress: [values] },
        { after_unknown: { ingress: [unknown] }, expressions: { ingress: {} } },
      );
    expect(ranges(cluster(), partly(block, { security_groups: true }))).toStrictEqual(["5439 to 0.0.0.0/0"]);
    const hidden = partly({ ...block, cidr_blocks: [] }, { prefix_list_ids: true });
    expect(reviewed([cluster(), hidden]).notJudged).toContainEqual({
      address: "aws_redshift_cluster.this",
      reason: "in aws_security_group.this, ingress is unknown until apply",
      rule: OPEN,
    });
  });

  test("has a finding only if the group opens its port", () => {
    expect(ranges(cluster({ port: 8191 }), group())).toStrictEqual([]);
    expect(ranges(cluster({ port: 8191 }), group({ to_port: 9000 }))).toStrictEqual(["8191 to 0.0.0.0/0"]);
  });

  test("of an unknown ID has a finding by its ingress rule, and no finding by its egress rule", () => {
    const unknown = (name: string) => ({
      after_unknown: { [name]: true },
      expressions: { [name]: { references: ["aws_security_group.this.id", "aws_security_group.this"] } },
    });
    const workgroup = created("aws_redshiftserverless_workgroup.this", {}, unknown("security_group_ids"));
    const newGroup = created("aws_security_group.this", {}, { after_unknown: { id: true } });
    const rule = (type: string) =>
      created(
        "aws_security_group_rule.this",
        { cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439, type },
        unknown("security_group_id"),
      );
    expect(ranges(workgroup, newGroup, rule("ingress"))).toStrictEqual(["5439 to 0.0.0.0/0"]);
    expect(ranges(workgroup, newGroup, rule("egress"))).toStrictEqual([]);
  });

  test.each([
    ["is not judged if its list of groups is unknown as a whole", undefined, true],
    ["is judged if its stack shows that the list has only references", ["${aws_security_group.this.id}"], false],
    ["is not judged if its stack has a constant in the list", ["${aws_security_group.this.id}", "sg-2"], true],
  ])("%s", (_, list, isReported) => {
    const marks = {
      after_unknown: { vpc_security_group_ids: true },
      expressions: {
        vpc_security_group_ids: { references: ["aws_security_group.this.id", "aws_security_group.this"] },
      },
    };
    const resources = [
      created("aws_redshift_cluster.this", {}, marks),
      created("aws_security_group.this", {}, { after_unknown: { id: true } }),
    ];
    const stack = list && { resource: { aws_redshift_cluster: { this: { vpc_security_group_ids: list } } } };
    const notJudged = reviewed(resources, {}, {}, stack && JSON.stringify(stack)).notJudged.filter(
      ({ rule }) => rule === OPEN,
    );
    const expected = {
      address: "aws_redshift_cluster.this",
      reason: HIDDEN_CONSTANT,
      rule: OPEN,
    };
    expect(notJudged).toStrictEqual(isReported ? [expected] : []);
  });

  test("has a finding if the ID of the group is unknown, and its rule has a local value of the module in place of the ID", () => {
    const unknown = (name: string, reference: string) => ({
      after_unknown: { [name]: true },
      expressions: { [name]: { references: [reference] } },
    });
    const workgroup = created(
      "aws_redshiftserverless_workgroup.this",
      {},
      unknown("security_group_ids", "aws_security_group.this.id"),
    );
    const values = { cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439, type: "ingress" };
    const newGroup = (address: string) => created(address, {}, { after_unknown: { id: true } });
    const review = (groups: readonly string[], rule = "aws_security_group_rule.this") =>
      reviewed(
        [workgroup, created(rule, values, unknown("security_group_id", "local.id")), ...groups.map(newGroup)],
        {},
        { relevant_attributes: groups.map((resource) => ({ attribute: ["id"], resource })) },
      );
    const expected = [{ address: "aws_redshiftserverless_workgroup.this", rule: OPEN }];
    const inModule = review(["aws_security_group.this", "module.a.aws_security_group.this"]);
    expect(inModule.findings).toMatchObject(expected);
    const inOther = review(["aws_security_group.this"], "module.b.aws_security_group_rule.this");
    expect(inOther.findings).toMatchObject(expected);
    const several = review(["aws_security_group.this", "aws_security_group.other"]);
    expect(several.findings).toStrictEqual([]);
    expect(several.notJudged).toContainEqual({
      address: "aws_redshiftserverless_workgroup.this",
      reason: "aws_security_group_rule.this may add a rule to aws_security_group.this",
      rule: OPEN,
    });
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["has a finding if its list is a local value, and the plan depends on one group", ["this"], [OPEN]],
    ["is not judged if its list is a local value, and the plan depends on several groups", ["this", "other"], []],
  ])("%s", (_, names, expected) => {
    const open = { cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439 };
    const groups = names.map((name) =>
      created(`aws_security_group.${name}`, { ingress: [open] }, { after_unknown: { id: true } }),
    );
    const workgroup = created(
      "aws_redshiftserverless_workgroup.this",
      {},
      unknownFrom("security_group_ids", "local.ids"),
    );
    const relevant = names.map((name) => ({ attribute: ["id"], resource: `aws_security_group.${name}` }));
    const { findings, notJudged } = reviewed([workgroup, ...groups], {}, { relevant_attributes: relevant });
    expect(findings.map(({ rule }) => rule).filter((rule) => rule === OPEN)).toStrictEqual(expected);
    expect(notJudged.filter(({ rule }) => rule === OPEN)).toHaveLength(1 - expected.length);
  });

  test("has a finding if its rule refers to it and to a group of another module", () => {
    const workgroup = created(
      "aws_redshiftserverless_workgroup.this",
      {},
      unknownFrom("security_group_ids", "module.a.id"),
    );
    const newGroup = (address: string) => created(address, {}, { after_unknown: { id: true } });
    const rule = created(
      "aws_vpc_security_group_ingress_rule.this",
      { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" },
      unknownFrom("security_group_id", "aws_security_group.this.id", "module.a.id"),
    );
    const outputs = { id: { expression: { references: ["aws_security_group.this.id"] } } };
    const groups = [newGroup("aws_security_group.this"), newGroup("module.a.aws_security_group.this")];
    const report = reviewed([workgroup, rule, ...groups], { a: { module: { outputs } } });
    expect(report.findings).toMatchObject([{ address: "aws_redshiftserverless_workgroup.this", rule: OPEN }]);
  });

  test("that the plan does not have has findings by the ingress rules of the plan", () => {
    const ingress = (id: string) =>
      created("aws_vpc_security_group_ingress_rule.this", {
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "-1",
        security_group_id: id,
      });
    expect(ranges(cluster(), ingress("sg-1"))).toStrictEqual(["5439 to 0.0.0.0/0"]);
    expect(ranges(cluster(), ingress("sg-2"))).toStrictEqual([]);
  });

  test.each([
    ["aws_security_group_rule", "prefix_list_ids"],
    ["aws_vpc_security_group_ingress_rule", "prefix_list_id"],
  ])("has a finding by %s.%s of a prefix list of the plan with the world", (type, name) => {
    const values = { from_port: 5439, ip_protocol: "tcp", protocol: "tcp", security_group_id: "sg-1", to_port: 5439 };
    const references = ["aws_ec2_managed_prefix_list.this.id", "aws_ec2_managed_prefix_list.this"];
    const unknown = { after_unknown: { [name]: true }, expressions: { [name]: { references } } };
    const list = (cidr: string) =>
      created("aws_ec2_managed_prefix_list.this", { entry: [{ cidr }] }, { after_unknown: { id: true } });
    const resources = [
      cluster(),
      kept("aws_security_group.this", { id: "sg-1" }),
      created(`${type}.this`, values, unknown),
    ];
    expect(ranges(...resources, list("0.0.0.0/0"))).toStrictEqual(["5439 to 0.0.0.0/0"]);
    expect(ranges(...resources, list("10.0.0.0/8"))).toStrictEqual([]);
    const entry = created(
      "aws_ec2_managed_prefix_list_entry.this",
      { cidr: "::/0" },
      { after_unknown: { prefix_list_id: true }, expressions: { prefix_list_id: { references } } },
    );
    expect(ranges(...resources, list("10.0.0.0/8"), entry)).toStrictEqual(["5439 to ::/0"]);
    const constant = `${name} is unknown until apply, so a constant in it is not shown`;
    expect(reasons([...resources, list("10.0.0.0/8")])).toStrictEqual(name === "prefix_list_id" ? [] : [constant]);
    expect(reasons(resources)).toStrictEqual([`${name} is unknown until apply`]);
  });

  describe("has, by an ingress block with the unknown ID of a prefix list of the plan,", () => {
    const OTHERS = { cidr_blocks: [], protocol: "tcp" };
    const [port, https] = [5439, 443].map((number) => ({ ...OTHERS, from_port: number, to_port: number }));
    const shown = { ...https, prefix_list_ids: [] };
    const list = (name: string, cidr: string) =>
      created(`aws_ec2_managed_prefix_list.${name}`, { entry: [{ cidr }] }, { after_unknown: { id: true } });
    const [world, small] = [list("world", "0.0.0.0/0"), list("small", "10.0.0.0/8")];
    const other = created("aws_ec2_managed_prefix_list.other", { entry: [{ cidr: "0.0.0.0/0" }], id: "pl-1" });
    const entry = created(
      "aws_ec2_managed_prefix_list_entry.this",
      { cidr: "0.0.0.0/0" },
      unknownFrom("prefix_list_id", "aws_ec2_managed_prefix_list.small"),
    );
    const finding = ["5439 to 0.0.0.0/0"];
    test.each<[string, readonly Values[], readonly string[], readonly Resource[], readonly string[]]>([
      ["a finding of the world", [port!], ["world.id"], [world], finding],
      ["a finding of an entry of the world", [port!], ["small.id"], [small, entry], finding],
      ["a finding of the world beside a network", [port!, shown], ["small.id", "world.id"], [small, world], finding],
      ["none of a network", [port!], ["small.id"], [small], []],
      ["none if another block may have the list", [port!, https!], ["world.id"], [world], []],
      ["none if another attribute of the list is in a block", [port!], ["world.arn"], [world], []],
      ["none if the ID of the list is known", [port!], ["other.id"], [other], []],
      ["none if no block has the list", [{ ...port, prefix_list_ids: [] }], ["world.id"], [world], []],
    ])("%s", (_, ingress, references, lists, expected) => {
      const unknown = {
        after_unknown: {
          ingress: ingress.map((block) => ("prefix_list_ids" in block ? {} : { prefix_list_ids: true })),
        },
        expressions: { ingress: { references: references.map((name) => `aws_ec2_managed_prefix_list.${name}`) } },
      };
      const resources = [cluster(), created("aws_security_group.this", { id: "sg-1", ingress }, unknown), ...lists];
      expect(ranges(...resources)).toStrictEqual(expected);
      const isHidden = ingress.some((block) => !("prefix_list_ids" in block));
      expect(reasons(resources)).toHaveLength(isHidden && expected.length === 0 ? 1 : 0);
    });
  });

  test("has a finding by the known ID of a prefix list in the plan, and is not judged by the ID of another list", () => {
    const list = kept("aws_ec2_managed_prefix_list.this", { entry: [{ cidr: "0.0.0.0/0" }], id: "pl-1" });
    const withList = (id: string) => [cluster(), group({ cidr_blocks: null, prefix_list_ids: [id] }), list];
    expect(ranges(...withList("pl-1"))).toStrictEqual(["5439 to 0.0.0.0/0"]);
    expect(ranges(...withList("pl-2"))).toStrictEqual([]);
    expect(reviewed(withList("pl-2")).notJudged.map(({ reason }) => reason)).toContain(
      "aws_security_group.this has the prefix list pl-2, which is not in the plan",
    );
  });

  test("has a finding only if its own group is open, if each.value refers to several groups with known IDs", () => {
    const groups = [["0.0.0.0/0"], ["10.0.0.0/8"]].map((cidr_blocks, index) =>
      kept(`aws_security_group.g${index}`, {
        id: `sg-${index}`,
        ingress: [{ cidr_blocks, from_port: 5439, protocol: "tcp", to_port: 5439 }],
      }),
    );
    const references = ["aws_security_group.g0.id", "aws_security_group.g1.id"];
    const clusters = [0, 1].map((index) =>
      created(
        `aws_redshift_cluster.c["${index}"]`,
        { vpc_security_group_ids: [`sg-${index}`] },
        { expressions: { vpc_security_group_ids: { references } } },
      ),
    );
    expect(findingsOf(OPEN, ...groups, ...clusters).map(({ address }) => address)).toStrictEqual([
      'aws_redshift_cluster.c["0"]',
    ]);
  });

  test("has a finding only if a rule of its group has the open list, if each.value refers to several lists", () => {
    const lists = ["0.0.0.0/0", "10.0.0.0/8"].map((cidr, index) =>
      kept(`aws_ec2_managed_prefix_list.l${index}`, { entry: [{ cidr }], id: `pl-${index}` }),
    );
    const references = ["aws_ec2_managed_prefix_list.l0.id", "aws_ec2_managed_prefix_list.l1.id"];
    const rule = (prefix_list_id: string) =>
      created(
        "aws_vpc_security_group_ingress_rule.r",
        { from_port: 5439, ip_protocol: "tcp", prefix_list_id, security_group_id: "sg-1", to_port: 5439 },
        { expressions: { prefix_list_id: { references } } },
      );
    const resources = [cluster(), kept("aws_security_group.this", { id: "sg-1" }), ...lists];
    expect(ranges(...resources, rule("pl-0"))).toStrictEqual(["5439 to 0.0.0.0/0"]);
    expect(ranges(...resources, rule("pl-1"))).toStrictEqual([]);
  });

  test("of its endpoint has a finding, and with a group that nothing uses has no finding", () => {
    const endpoint = kept("aws_redshiftserverless_endpoint_access.this", { vpc_security_group_ids: ["sg-1"] });
    const ingress = kept("aws_vpc_security_group_ingress_rule.this", {
      cidr_ipv6: "::/0",
      ip_protocol: "-1",
      security_group_id: "sg-1",
    });
    expect(ranges(endpoint, kept("aws_security_group.this", { id: "sg-1" }), ingress)).toStrictEqual(["5439 to ::/0"]);
    const other = kept("aws_vpc_security_group_ingress_rule.this", {
      cidr_ipv6: "::/0",
      ip_protocol: "-1",
      security_group_id: "sg-2",
    });
    expect(ranges(endpoint, kept("aws_security_group.this", { id: "sg-2" }), other)).toStrictEqual([]);
  });

  describe("has the finding, or the reason why it is not judged, of", () => {
    const OPEN_PORT = { cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439, type: "ingress" };
    const FOUND = "5439 to 0.0.0.0/0";
    const closed = group({ cidr_blocks: [] });
    const unconfigured = created("aws_redshift_cluster.this", {}, { expressions: {} });
    const vpc = created("aws_vpc.v", {}, { expressions: {} });
    const newGroup = (name: string) => created(`aws_security_group.${name}`, {}, { after_unknown: { id: true } });
    const groupRule = created(
      "aws_redshift_cluster.this",
      {},
      unknownFrom("vpc_security_group_ids", "aws_security_group.g"),
    );
    const adding = (details: ResourceDetails, values: Values = {}) =>
      created("aws_security_group_rule.r", { ...OPEN_PORT, ...values }, details);
    const addingTo = (...references: readonly string[]) => adding(unknownFrom("security_group_id", ...references));
    const withList = (values: Values, details: ResourceDetails = {}) => [
      cluster(),
      group({ cidr_blocks: [], prefix_list_ids: ["pl-1"] }),
      created("aws_ec2_managed_prefix_list.this", { id: "pl-1", ...values }, details),
    ];
    const mayAdd = "aws_security_group_rule.r may add a rule to aws_security_group.g";
    const mayChange = (address: string) =>
      `its security group is the default one of its VPC, which ${address} may change`;

    test.each<[string, readonly Resource[], readonly string[]]>([
      [
        "a cluster that the plan destroys",
        [destroyed("aws_redshift_cluster.this", { vpc_security_group_ids: ["sg-1"] })],
        [],
      ],
      [
        "a cluster without groups",
        [created("aws_redshift_cluster.this", {})],
        ["its security groups are not in the plan"],
      ],
      [
        "groups that another resource decides",
        [created("aws_redshift_cluster.this", {}, unknownFrom("vpc_security_group_ids", "aws_vpc.v.id")), vpc],
        ["vpc_security_group_ids is unknown until apply"],
      ],
      [
        "a default group with a known ID",
        [
          kept("aws_redshift_cluster.this", { vpc_security_group_ids: ["sg-1"] }, { expressions: {} }),
          kept("aws_default_security_group.this", { id: "sg-1", ingress: [] }),
        ],
        [],
      ],
      ["a default group that the plan destroys", [unconfigured, destroyed("aws_default_security_group.this", {})], []],
      ["a default group, and a rule of another group", [unconfigured, adding({}, { security_group_id: "sg-1" })], []],
      [
        "a default group, and a rule of this or another group",
        [unconfigured, addingTo("aws_security_group.g.id", "aws_vpc.v.default_security_group_id"), vpc, newGroup("g")],
        [mayChange("aws_security_group_rule.r")],
      ],
      [
        "a rule that Terraform destroys",
        [cluster(), closed, destroyed("aws_security_group_rule.r", { ...OPEN_PORT, security_group_id: "sg-1" })],
        [],
      ],
      [
        "a rule that Terraform forgets",
        [cluster(), closed, forgotten("aws_security_group_rule.r", { ...OPEN_PORT, security_group_id: "sg-1" })],
        [FOUND],
      ],
      [
        "a new group, and a rule of a known group",
        [groupRule, newGroup("g"), adding({}, { security_group_id: "sg-1" })],
        [HIDDEN_CONSTANT],
      ],
      [
        "a new group, and a rule of another new group",
        [groupRule, newGroup("g"), newGroup("o"), addingTo("aws_security_group.o.id")],
        [HIDDEN_CONSTANT],
      ],
      [
        "a new group, and a rule of an unknown group",
        [groupRule, newGroup("g"), addingTo("data.aws_vpc.v.id")],
        [mayAdd],
      ],
      [
        "a known group, and a rule of an unknown group",
        [cluster(), closed, addingTo("data.aws_vpc.v.id")],
        ["aws_security_group_rule.r may add a rule to aws_security_group.this"],
      ],
      [
        "a known group, and a rule of a group by the output of terraform_data",
        [cluster(), closed, created("terraform_data.t", {}), addingTo("terraform_data.t.output")],
        ["aws_security_group_rule.r may add a rule to aws_security_group.this"],
      ],
      [
        "a known group, and a rule of a group that the configuration does not have",
        [cluster(), closed, adding({ after_unknown: { security_group_id: true } })],
        ["aws_security_group_rule.r may add a rule to aws_security_group.this"],
      ],
      [
        "a known group, and a rule of the group of a new resource",
        [cluster(), closed, created("aws_eks_cluster.e", {}), addingTo("aws_eks_cluster.e.vpc_config")],
        [],
      ],
      [
        "a rule with a prefix list of a VPC endpoint",
        [
          cluster(),
          closed,
          adding(unknownFrom("prefix_list_ids", "aws_vpc_endpoint.e.prefix_list_id"), {
            cidr_blocks: [],
            security_group_id: "sg-1",
          }),
          created("aws_vpc_endpoint.e", {}, { expressions: {} }),
        ],
        ["prefix_list_ids is unknown until apply"],
      ],
      [
        "a prefix list with an unknown range",
        withList({ entry: [{}] }, { after_unknown: { entry: [{ cidr: true }] }, expressions: { entry: {} } }),
        ["entry is unknown until apply"],
      ],
      [
        "a prefix list with an entry of an unknown range",
        [
          ...withList({}),
          created("aws_ec2_managed_prefix_list_entry.e", { prefix_list_id: "pl-1" }, unknownFrom("cidr", "aws_eip.e")),
        ],
        ["cidr is unknown until apply"],
      ],
      [
        "a prefix list with an entry of the world",
        [
          ...withList({}),
          created("aws_ec2_managed_prefix_list_entry.e", { cidr: "0.0.0.0/0", prefix_list_id: "pl-1" }),
        ],
        [FOUND],
      ],
    ])("%s", (_, resources, expected) => {
      expect([...ranges(...resources), ...reasons(resources)]).toStrictEqual(expected);
    });
  });
});

test.each([
  "cidr_blocks",
  "cidr_ipv4",
  "cidr_ipv6",
  "from_port",
  "ip_protocol",
  "ipv6_cidr_blocks",
  "protocol",
  "to_port",
  "type",
])("a warehouse is not judged if %s of a rule of its group is unknown", (name) => {
  const unknown = { after_unknown: { [name]: true }, expressions: { [name]: {} } };
  const rule = created("aws_security_group_rule.r", { security_group_id: "sg-1" }, unknown);
  expect(reasons([cluster(), group({ cidr_blocks: [] }), rule])).toStrictEqual([`${name} is unknown until apply`]);
});

test.each([
  ["aws_redshift_cluster", "vpc_security_group_ids"],
  ["aws_redshift_endpoint_access", "vpc_security_group_ids"],
  ["aws_redshiftserverless_endpoint_access", "vpc_security_group_ids"],
  ["aws_redshiftserverless_workgroup", "security_group_ids"],
])("%s has a finding by a default security group in %s", (type, attribute) => {
  const ingress = [{ cidr_blocks: ["0.0.0.0/0"], from_port: 5439, protocol: "tcp", to_port: 5439 }];
  const open = kept("aws_default_security_group.this", { id: "sg-1", ingress });
  expect(ranges(kept(`${type}.this`, { [attribute]: ["sg-1"] }), open)).toStrictEqual(["5439 to 0.0.0.0/0"]);
});

describe("a warehouse with an open rule in the state of its group, which another resource sets,", () => {
  const TCP = { from_port: 5439, to_port: 5439 };
  const rule = (cidr_ipv4: string) => ({ ...TCP, cidr_ipv4, ip_protocol: "tcp", security_group_id: "sg-1" });
  const OPEN_RULE = "aws_vpc_security_group_ingress_rule.r";
  const all = { cidr_blocks: ["0.0.0.0/0", "10.0.0.0/8"], from_port: 0, protocol: "-1", to_port: 0 };
  const anyProtocol = (cidr_blocks: readonly string[], type = "ingress") => ({
    ...{ cidr_blocks, from_port: 0, protocol: "all", security_group_id: "sg-1", to_port: 0, type },
  });

  test.each<[string, readonly Resource[], readonly string[]]>([
    ["has no finding if the plan removes the rule", [group(), destroyed(OPEN_RULE, rule("0.0.0.0/0"))], []],
    [
      "has no finding if the plan closes the rule",
      [group(), updated(OPEN_RULE, rule("0.0.0.0/0"), rule("10.0.0.0/8"))],
      [],
    ],
    [
      "has no finding if the plan takes the world out of the rule",
      [
        group(all),
        updated("aws_security_group_rule.r", anyProtocol(["0.0.0.0/0", "10.0.0.0/8"]), anyProtocol(["10.0.0.0/8"])),
      ],
      [],
    ],
    ["has a finding if the rule stays", [group(), kept(OPEN_RULE, rule("0.0.0.0/0"))], [OPEN_RULE]],
    ["has a finding if Terraform forgets the rule", [group(), forgotten(OPEN_RULE, rule("0.0.0.0/0"))], [OPEN_RULE]],
    [
      "has a finding if the plan removes a rule of another port",
      [group(), destroyed(OPEN_RULE, { ...rule("0.0.0.0/0"), to_port: 5440 })],
      ["aws_security_group.this"],
    ],
    [
      "has a finding if the plan removes a rule of another group",
      [group(), destroyed(OPEN_RULE, { ...rule("0.0.0.0/0"), security_group_id: "sg-2" })],
      ["aws_security_group.this"],
    ],
    [
      "has a finding if the plan removes the egress rule of the same traffic",
      [group(all), destroyed("aws_security_group_rule.r", anyProtocol(["0.0.0.0/0"], "egress"))],
      ["aws_security_group.this"],
    ],
    [
      "has a finding if the group has the rule in its configuration",
      [group({}, { expressions: { ingress: {} } }), destroyed(OPEN_RULE, rule("0.0.0.0/0"))],
      ["aws_security_group.this"],
    ],
  ])("%s", (_, resources, expected) => {
    const sources = findingsOf(OPEN, cluster(), ...resources).map(({ consequence }) => consequence.split(" opens ")[0]);
    expect(sources).toStrictEqual(expected);
  });

  test.each<[string, Values, Values | null, ResourceDetails, boolean]>([
    ["has no finding if the plan removes the rule of an open list", { prefix_list_id: "pl-1" }, null, {}, false],
    ["has a finding if the rule of an open list stays", { prefix_list_id: "pl-1" }, { cidr: "0.0.0.0/0" }, {}, true],
    ["has no finding if the plan closes the list of its rule", {}, { cidr: "10.0.0.0/8" }, {}, false],
    ["has a finding if the list has the world in its configuration", {}, null, { expressions: { entry: {} } }, true],
  ])("%s", (_, removed, entry, details, isFound) => {
    const list = kept("aws_ec2_managed_prefix_list.l", { entry: [{ cidr: "0.0.0.0/0" }], id: "pl-1" }, details);
    const before = { cidr: "0.0.0.0/0", prefix_list_id: "pl-1" };
    const address = "aws_ec2_managed_prefix_list_entry.e";
    const rules = { ...TCP, ip_protocol: "tcp", prefix_list_id: "pl-1", security_group_id: "sg-1" };
    const resources = [
      cluster(),
      group({ cidr_blocks: [], prefix_list_ids: ["pl-1"] }),
      list,
      entry === null ? destroyed(address, before) : updated(address, before, { ...before, ...entry }),
      removed.prefix_list_id === undefined || entry !== null ? kept(OPEN_RULE, rules) : destroyed(OPEN_RULE, rules),
    ];
    expect(ranges(...resources)).toHaveLength(isFound ? 1 : 0);
  });
});

// The comparison of each cluster with each rule does not end in time.
test.each(["a group of the plan", "a group outside the plan"])("2,000 clusters share 2,000 rules of %s", (place) => {
  const each = <T>(create: (index: number) => T): readonly T[] =>
    Array.from({ length: 2000 }, (_, index) => create(index));
  const clusters = each((index) => kept(`aws_redshift_cluster.c["${index}"]`, { vpc_security_group_ids: ["sg-1"] }));
  const rules = each((index) =>
    created(`aws_vpc_security_group_ingress_rule.r["${index}"]`, {
      cidr_ipv4: index === 1999 ? "0.0.0.0/0" : "10.0.0.0/24",
      ip_protocol: "-1",
      security_group_id: "sg-1",
    }),
  );
  const groups = place === "a group of the plan" ? [group({ cidr_blocks: [] })] : [];
  expect(ranges(...clusters, ...groups, ...rules)).toHaveLength(2000);
});
