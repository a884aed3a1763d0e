import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PropRule, PropSet } from "../../../modules/private/prop-rules";
import { readDescriptions } from "../../../tools/docs/descriptions";
import { ROOT } from "../../support/paths";

const DESCRIPTIONS = readDescriptions();
const MODULES = join(ROOT, "modules");
const SETS = readdirSync(MODULES, { encoding: "utf8", recursive: true })
  .filter((file) => file.endsWith(".ts") && readFileSync(join(MODULES, file), "utf8").includes(" = propRules("))
  .flatMap((file) => Object.values(jest.requireActual<Readonly<Record<string, unknown>>>(join(MODULES, file))))
  .filter((value): value is PropSet<Readonly<Record<string, PropRule>>> => {
    const { name, rules } = (value ?? {}) as Partial<PropSet<unknown>>;
    return typeof name === "string" && typeof rules === "object";
  });
const PROPS = SETS.flatMap(({ name, rules }) =>
  Object.entries(rules).map(([prop, rule]) => [`${name}.${prop}`, rule] as const),
);

test("each prop that has rules is documented", () => {
  expect(PROPS.filter(([prop]) => !DESCRIPTIONS.get(prop)?.meaning)).toStrictEqual([]);
});

test("each literal default of the documentation is the default of the rules", () => {
  const documented = PROPS.filter(([prop]) => DESCRIPTIONS.get(prop)?.literal !== undefined);
  expect(documented.map(([prop, { preset }]) => [prop, JSON.stringify(preset)])).toStrictEqual(
    documented.map(([prop]) => [prop, DESCRIPTIONS.get(prop)!.literal]),
  );
  expect(documented).not.toStrictEqual([]);
});
