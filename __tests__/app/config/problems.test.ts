import type { Path } from "../../../app/config/configuration-file";
import { Problems, StackError } from "../../../app/config/problems";
import { checkAll, fail } from "../../../modules/private/checks";

const refuse = (prop: string) => (): never => fail("Test", prop, "be right", 7);

/** The problems that `run` collects, each with its path. */
function problemsOf(run: (problems: Problems) => void, placeOf?: (path: Path) => Path): unknown {
  const problems = new Problems(placeOf);
  run(problems);
  try {
    problems.throw();
  } catch (error) {
    expect(error).toBeInstanceOf(StackError);
    return (error as StackError).problems;
  }
  return [];
}

test.each<[string, Path, Path]>([
  ["keyArn", ["key"], ["key", "keyArn"]],
  ["subnetIds[1]", ["cluster"], ["cluster", "subnetIds", 1]],
  ["oidcTrusts[0].subjects[12]", ["users", 2], ["users", 2, "oidcTrusts", 0, "subjects", 12]],
  ["tags.team", [], ["tags", "team"]],
  ["administrators[1]", ["key"], ["administrators", 1]],
  ["users[0]", ["key"], ["users", 0]],
  ["roles[0].users[1]", ["databaseRoles"], ["databaseRoles", "roles", 0, "users", 1]],
])("the problem of the prop %s below %j has the path %j", (prop, place, path) => {
  expect(problemsOf((problems) => problems.at(place, refuse(prop)))).toStrictEqual([
    { message: "must be right, got: 7", path },
  ]);
});

test("the problem of the warehouse of an add-on has the path of the section", () => {
  const place = ["cluster", "usageLimits", 0];
  expect(problemsOf((problems) => problems.at(place, refuse("warehouse")))).toStrictEqual([
    { message: "must be right", path: ["cluster"] },
  ]);
});

test("the problem of a value that derives from another value names both", () => {
  const placeOf = (path: Path): Path => (path.at(-1) === "alias" ? ["name"] : path);
  expect(problemsOf((problems) => problems.at(["key"], refuse("alias")), placeOf)).toStrictEqual([
    { message: "makes the alias 7, which must be right", path: ["name"] },
  ]);
  const first = (): Path => ["users", 0];
  expect(problemsOf((problems) => problems.at([], refuse("roleArn")), first)).toStrictEqual([
    { message: "must be right, got: 7", path: ["users", 0] },
  ]);
  expect(
    problemsOf(
      (problems) => problems.at([], refuse("users[1]")),
      () => ["name"],
    ),
  ).toStrictEqual([{ message: "must be right, got: 7", path: ["name"] }]);
});

test("Problems collects several errors of several calls, and returns the results of the others", () => {
  const problems = new Problems();
  expect(problems.at([], () => 1)).toBe(1);
  expect(problems.require([], () => 2)).toBe(2);
  expect(() => problems.throw()).not.toThrow();
  expect(problems.at([], () => checkAll(refuse("a"), refuse("b")))).toBeUndefined();
  expect(() => problems.require([], () => 3)).toThrow(StackError);
  expect(problemsOf((more) => ["a", "b"].forEach((prop) => more.at([], refuse(prop))))).toHaveLength(2);
  expect(() => problems.throw()).toThrow("must be right, got: 7\nmust be right, got: 7");
});

test("Problems throws an error that is of no prop", () => {
  const fault = (): never => {
    throw new TypeError("a fault");
  };
  expect(() => new Problems().at([], fault)).toThrow(new TypeError("a fault"));
});
