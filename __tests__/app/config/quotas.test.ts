import { Testing } from "cdktf";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { fleetOf, warningsOf } from "../../support/support";

/** A configuration of so many warehouses of a kind, each in an account and Region. */
function configuration(count: number, kind: string, placeOf: (index: number) => string): string {
  const entries = Array.from(
    { length: count },
    (_, index) =>
      `  - {name: warehouse-${index}, ${[placeOf(index), kind].filter((part) => part !== "").join(", ")}}\n`,
  );
  const principals = 'account: "111122223333"\n  administrators: ["arn:aws:iam::111122223333:root"]\n';
  return `defaults:\n  ${principals}warehouses:\n${entries.join("")}`;
}

const stacksOf = (text: string) => fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..");
/** Checks a configuration without its stacks, which take most of the time. */
const check = (text: string) => () =>
  fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..", { selected: new Set() });
const CLUSTER = "cluster: {nodeType: ra3.large}";
const placeIn = (regions: readonly string[]) => (index: number) =>
  `region: ${regions[index % regions.length]}, ` +
  `users: [{roleName: Reader${index}, trustedServices: [lambda.amazonaws.com]}]`;
const place = placeIn(["us-east-1"]);

describe("the quota of 20 parameter groups for an account and Region", () => {
  test("admits 20 clusters with a group each", () => {
    expect(check(configuration(20, CLUSTER, place))).not.toThrow();
  });

  test("refuses the 21st cluster with a group", () => {
    expect(check(configuration(21, CLUSTER, place))).toThrow(
      new Error(
        "w.yaml:25 warehouses[20].cluster must name one of 'parameterGroups' in 'parameterGroup': 111122223333 may have 20 " +
          "parameter groups in us-east-1, and each cluster without 'parameterGroup' creates a group, got: 21 parameter groups",
      ),
    );
  });

  test("counts a shared group once", () => {
    const shared = "parameterGroups: [{name: standard, region: us-east-1}]\n";
    const clustersWith = (sharers: number) => (index: number) =>
      `${place(index)}, cluster: {nodeType: ra3.large${index < sharers ? ", parameterGroup: standard" : ""}}`;
    expect(check(shared + configuration(21, "", clustersWith(2)))).not.toThrow();
    expect(check(shared + configuration(22, "", clustersWith(2)))).toThrow(
      "w.yaml:27 warehouses[21].cluster must name one of 'parameterGroups' in 'parameterGroup': 111122223333 may have 20",
    );
  });

  test("refuses the 21st entry of parameterGroups", () => {
    const entries = Array.from({ length: 21 }, (_, index) => `  - {name: group-${index}, region: us-east-1}\n`);
    expect(check(`parameterGroups:\n${entries.join("")}${configuration(1, "serverless: {}", place)}`)).toThrow(
      new Error(
        "w.yaml:22 parameterGroups[20] must be left out: 111122223333 may have 20 parameter groups in us-east-1, got: 21 " +
          "parameter groups",
      ),
    );
  });

  test("admits 21 clusters in two Regions", () => {
    expect(check(configuration(21, CLUSTER, placeIn(["us-east-1", "eu-west-1"])))).not.toThrow();
  });

  test("does not admit a clusterParameterGroupName that names an entry of parameterGroups", () => {
    const shared = "parameterGroups: [{name: standard, region: us-east-1}]\n";
    const clusters = "cluster: {nodeType: ra3.large, clusterParameterGroupName: standard}";
    // The group of the same name in another Region exists.
    expect(check(shared + configuration(2, clusters, placeIn(["us-east-1", "eu-west-1"])))).toThrow(
      new Error(
        "w.yaml:6 warehouses[0].cluster.clusterParameterGroupName must be left out: give the name of this shared " +
          "group in 'parameterGroup', got: standard",
      ),
    );
  });

  test("does not count an existing group", () => {
    const shared = "cluster: {nodeType: ra3.large, clusterParameterGroupName: shared}";
    expect(check(configuration(21, shared, place))).not.toThrow();
  });
});

test("the configuration warns once of the 26th namespace of an account and Region, and counts existing namespaces", () => {
  const warnings = (count: number) => {
    const created = configuration(count - 1, "serverless: {}", place);
    const key = 'key: {keyArn: "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"}';
    const existing = `  - {name: last, ${place(count)}, ${key}, existing: {workgroupName: last}}\n`;
    return stacksOf(created + existing).map((stack) => warningsOf(stack).join());
  };
  expect(warnings(25).filter((warning) => warning !== "")).toStrictEqual([]);
  expect(warnings(27)).toStrictEqual(
    Array.from({ length: 27 }, (_, index) =>
      index === 25
        ? "111122223333 may have 25 namespaces in us-east-1, unless AWS has raised the quota, and the configuration has 27"
        : "",
    ),
  );
});

test("the configuration warns of the second workgroup of an account and Region with a custom domain name", () => {
  const warnings = (regions: readonly string[], ...domains: readonly string[]) => {
    const certificate =
      "certificateArn: 'arn:aws:acm:REGION:111122223333:certificate/12345678-1234-1234-1234-123456789012'";
    const placeOf = (index: number) => {
      const customDomain = `customDomain: {${certificate}, domainName: ${domains[index]}}`;
      const settings = `${placeIn(regions)(index)}, serverless: {${domains[index] === "" ? "" : customDomain}}`;
      return settings.replace("REGION", regions[index % regions.length]!);
    };
    return stacksOf(configuration(domains.length, "", placeOf)).map((stack) => warningsOf(stack).join());
  };
  const warning = "the DNS name dwh.example.com leads to one workgroup only, and warehouse-0 has it as well";
  expect(warnings(["us-east-1"], "dwh.example.com", "DWH.example.com", "", "")).toStrictEqual(["", warning, "", ""]);
  expect(warnings(["us-east-1"], "dwh.example.com", "other.example.com")).toStrictEqual(["", ""]);
  expect(warnings(["us-east-1", "eu-west-1"], "dwh.example.com", "dwh.example.com")).toStrictEqual(["", ""]);
});
