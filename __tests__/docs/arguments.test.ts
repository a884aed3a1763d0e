import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformResource, TerraformStack, Testing } from "cdktf";
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

/** The arguments that the resources of a type in one class of constructs leave out. */
interface Creator {
  readonly type: string;
  readonly creator: string;
  readonly leftOut: readonly string[];
}

function creatorsIn(stack: TerraformStack): readonly Creator[] {
  const passed = new Map<string, Set<string>>();
  const resources = stack.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Arguments>> };
  for (const one of resources.filter(({ terraformResourceType }) => terraformResourceType.startsWith("aws_"))) {
    const key = `${one.terraformResourceType} ${one.node.scope!.constructor.name}`;
    const block = resource[one.terraformResourceType]![one.friendlyUniqueId];
    passed.set(key, new Set([...(passed.get(key) ?? []), ...argumentsPassed(block)]));
  }
  return [...passed].map(([key, names]) => {
    const [type, creator] = key.split(" ") as [string, string];
    return { creator, leftOut: argumentsLeftOut(type, names), type };
  });
}

/** Whether a heading of the page is for a creator: `aws_iam_role`, or `aws_iam_role of ScheduledAction`. */
function isFor(heading: string, { creator, type }: Creator): boolean {
  const [resource, classes] = heading.split(" of ");
  return heading === EVERY_RESOURCE || (resource === type && (classes?.match(/\w+/g)?.includes(creator) ?? true));
}

describe("each argument of a wrapped resource", () => {
  const stack = new TerraformStack(Testing.app(), "maximal");
  maximal(stack);
  const creators = creatorsIn(stack);
  const listed = listedArguments();

  test("is passed by each construct in the maximal stack, unless docs/arguments.md lists it", () => {
    const unlisted = creators.flatMap((one) => {
      const names = [...listed].flatMap(([heading, matching]) => (isFor(heading, one) ? matching : []));
      return one.leftOut.filter((name) => !names.includes(name)).map((name) => `${one.type}.${name} of ${one.creator}`);
    });
    expect(unlisted).toStrictEqual([]);
  });

  test("that docs/arguments.md lists exists, and is not passed in the maximal stack", () => {
    const needless = [...listed].flatMap(([heading, names]) => {
      const matching = creators.filter((one) => isFor(heading, one));
      const isLeftOut = (name: string): boolean =>
        heading === EVERY_RESOURCE
          ? matching.some(({ leftOut }) => leftOut.includes(name))
          : matching.length > 0 && matching.every(({ leftOut }) => leftOut.includes(name));
      return names.filter((name) => !isLeftOut(name)).map((name) => `${heading}.${name}`);
    });
    expect(needless).toStrictEqual([]);
  });
});
