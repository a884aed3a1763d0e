import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import ts from "typescript";
import { maximal } from "../consumer/maximal";
import { ROOT } from "../support/paths";
import type { Arguments } from "../support/support";

const PROVIDER = join(ROOT, "node_modules", "@cdktf", "provider-aws", "lib");
const EVERY_RESOURCE = "Every resource";

/** The arguments that the page lists, by the heading of their table. */
function listedArguments(): ReadonlyMap<string, readonly string[]> {
  const [, ...sections] = readFileSync(join(ROOT, "docs", "arguments.md"), "utf8").split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [heading, ...lines] = section.split("\n");
      return [
        heading!,
        lines.flatMap((line) =>
          [
            ...line
              .split("|", 2)
              .join()
              .matchAll(/`(\w[\w.]*)`/g),
          ].map(([, name]) => name!),
        ),
      ];
    }),
  );
}

/** The names of the arguments and of the arguments of blocks: `constraints.encryption_context_subset`. */
function argumentsPassed(value: unknown, prefix = ""): readonly string[] {
  return [value]
    .flat()
    .flatMap((block: unknown) =>
      typeof block === "object" && block !== null
        ? Object.entries(block).flatMap(([name, part]) => [
            prefix + name,
            ...argumentsPassed(part, `${prefix}${name}.`),
          ])
        : [],
    );
}

/** The arguments that a resource of the provider has and that are not passed. A block that is not passed is one of them. */
function argumentsLeftOut(type: string, passed: ReadonlySet<string>): readonly string[] {
  const path = join(PROVIDER, type.replace(/^aws_/, "").replaceAll("_", "-"), "index.d.ts");
  const { statements } = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  const interfaces = new Map(
    statements.filter(ts.isInterfaceDeclaration).map((declaration) => [declaration.name.text, declaration]),
  );
  const leftOut = (declaration: ts.InterfaceDeclaration, prefix: string): readonly string[] =>
    declaration.members.filter(ts.isPropertySignature).flatMap((member) => {
      const name = prefix + member.name.getText().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const block = /\w+/g.exec(member.type!.getText())!;
      const nested = interfaces.get(block[0]);
      return passed.has(name) ? (nested ? leftOut(nested, `${name}.`) : []) : [name];
    });
  const config = [...interfaces.values()].find(({ heritageClauses }) =>
    heritageClauses?.some((clause) => clause.getText().includes("TerraformMetaArguments")),
  );
  return leftOut(config!, "");
}

describe("each argument of a wrapped resource", () => {
  const stack = new TerraformStack(Testing.app(), "maximal");
  maximal(stack);
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Arguments>> };
  const types = Object.keys(resource).filter((type) => type.startsWith("aws_"));
  const leftOut = types.flatMap((type) => {
    const passed = new Set(Object.values(resource[type]!).flatMap((block) => argumentsPassed(block)));
    return argumentsLeftOut(type, passed).map((name) => [type, name] as const);
  });
  const listed = listedArguments();
  const ofEvery = listed.get(EVERY_RESOURCE)!;

  test("is passed in the maximal stack, or listed in docs/arguments.md", () => {
    const unlisted = leftOut.filter(([type, name]) => ![...ofEvery, ...(listed.get(type) ?? [])].includes(name));
    expect(unlisted.map((path) => path.join("."))).toStrictEqual([]);
  });

  test("that docs/arguments.md lists exists, and is not passed in the maximal stack", () => {
    const isLeftOut = (type: string, name: string) =>
      leftOut.some(([resource, argument]) => (type === EVERY_RESOURCE || type === resource) && name === argument);
    const needless = [...listed].flatMap(([type, names]) =>
      names.filter((name) => !isLeftOut(type, name)).map((name) => `${type}.${name}`),
    );
    expect(needless).toStrictEqual([]);
  });
});
