import { modulePathOf } from "../../../review/plan/addresses";

test.each([
  ["aws_iam_role.module.arn", []],
  ["aws_iam_role.a-module.b", []],
  ["module.a", [{ index: undefined, name: "a" }]],
  [
    'module.a["b.module.c"].module.module[0].aws_iam_role.r',
    [
      { index: '["b.module.c"]', name: "a" },
      { index: "[0]", name: "module" },
    ],
  ],
])("the path of the modules of %s has only the modules at its beginning", (address, path) => {
  expect(modulePathOf(address)).toStrictEqual(path);
});
