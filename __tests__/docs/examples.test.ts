import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Testing } from "cdktf";
import { build } from "esbuild";
import { dump, load } from "js-yaml";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { ROOT } from "../support/paths";
import { blocks, USE_THE_DATA_API } from "../support/readme";
import { fleetOf, only, synthesize } from "../support/support";

const EXAMPLES = join(ROOT, "examples");
/** The sample of AWS, which the page links to. */
const WITHOUT_BLOCK = "statement-event.json";

test("the page has each example as a block that is its file, and no other program", () => {
  const files = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== WITHOUT_BLOCK)
    .map(({ name }) => name);
  const shown = ["json", "sh", "ts"].flatMap((language) => blocks(language, USE_THE_DATA_API));
  const nameOf = (block: string): string =>
    files.find((name) => readFileSync(join(EXAMPLES, name), "utf8") === block) ?? `not a file of examples/: ${block}`;
  expect(shown.map(nameOf).sort()).toStrictEqual(files.sort());
});

test("the page's command writes the function of Lambda in one file", async () => {
  const [, command] = /`npx --no esbuild (examples\/[^`]+)`/.exec(USE_THE_DATA_API)!;
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    args: command!.split(" "),
    options: { bundle: { type: "boolean" }, outfile: { type: "string" }, platform: { type: "string" } },
  });
  const { errors, outputFiles } = await build({
    bundle: values.bundle!,
    entryPoints: positionals,
    platform: values.platform as "node",
    absWorkingDir: ROOT,
    outfile: values.outfile!,
    write: false,
  });
  expect(errors).toStrictEqual([]);
  expect(outputFiles.map(({ text }) => text.includes("handler"))).toStrictEqual([true]);
});

test("the page's users become roles of their services, and the one of the state machine sees every statement of the role", () => {
  const users = blocks("yaml", USE_THE_DATA_API).map((block) => (load(block) as { users: object[] }).users);
  const shipped = load(readFileSync(join(ROOT, "warehouses.yaml"), "utf8")) as { warehouses: { name: string }[] };
  const warehouse = shipped.warehouses.find(({ name }) => name === "analytics-serverless");
  const policies = users.map((entry) => {
    const text = dump({ warehouses: [{ ...warehouse, users: entry }] });
    const [stack] = fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..").map(synthesize);
    const trust = only(stack!, { tfResourceType: "aws_iam_role" }).assume_role_policy as string;
    const policy = only(stack!, { tfResourceType: "aws_iam_role_policy" }).policy as string;
    return [/"Service":"(\w+)/.exec(trust)?.[1], policy.includes("statement-owner-iam-userid")];
  });
  expect(policies).toStrictEqual([
    ["lambda", true],
    ["states", false],
  ]);
});
