import { Testing } from "cdktf";
import { fleetStacks } from "../stacks/fleet-stacks";
import { fleetOf, warningsOf } from "./support";

/** A configuration of so many warehouses of a kind, each in an account and Region. */
function configuration(count: number, kind: string, placeOf: (index: number) => string): string {
  const entries = Array.from(
    { length: count },
    (_, index) => `  - {name: warehouse-${index}, ${placeOf(index)}, ${kind}}\n`,
  );
  const principals = 'account: "111122223333"\n  administrators: ["arn:aws:iam::111122223333:root"]\n';
  return `defaults:\n  ${principals}warehouses:\n${entries.join("")}`;
}

const stacksOf = (text: string) => fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..");
const CLUSTER = "cluster: {nodeType: ra3.large}";
const placeIn = (regions: readonly string[]) => (index: number) =>
  `region: ${regions[index % regions.length]}, ` +
  `users: [{roleName: Reader${index}, trustedServices: [lambda.amazonaws.com]}]`;
const place = placeIn(["us-east-1"]);

describe("parameter groups", () => {
  test("of 20 clusters are as many as AWS allows", () => {
    expect(stacksOf(configuration(20, CLUSTER, place))).toHaveLength(20);
  });

  test("of 21 clusters are refused", () => {
    expect(() => stacksOf(configuration(21, CLUSTER, place))).toThrow(
      new Error(
        "w.yaml:25 warehouses[20].cluster must name an existing parameter group in 'clusterParameterGroupName': 111122223333 may " +
          "have 20 in us-east-1, and each cluster without that name makes one, got: 21 clusters",
      ),
    );
  });

  test("of 21 clusters in two Regions are allowed", () => {
    expect(stacksOf(configuration(21, CLUSTER, placeIn(["us-east-1", "eu-west-1"])))).toHaveLength(21);
  });

  test("that exist do not count", () => {
    const shared = "cluster: {nodeType: ra3.large, clusterParameterGroupName: shared}";
    expect(stacksOf(configuration(21, shared, place))).toHaveLength(21);
  });
});

test("the 26th namespace of an account and Region is warned of", () => {
  const warnings = (count: number) =>
    stacksOf(configuration(count, "serverless: {}", place)).map((stack) => warningsOf(stack).join());
  expect(warnings(25).filter((warning) => warning !== "")).toStrictEqual([]);
  expect(warnings(27)).toStrictEqual(
    Array.from({ length: 27 }, (_, index) =>
      index === 25
        ? "111122223333 may have 25 namespaces in us-east-1, unless AWS has raised the quota, and the configuration has 27"
        : "",
    ),
  );
});
