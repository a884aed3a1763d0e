import ts from "typescript";
import { docText, statementsIn, tagText } from "./jsdoc";

/** The JSDoc of a prop. */
export interface Description {
  readonly meaning: string;
  /** The default in words; undefined if the prop is required. */
  readonly preset: string | undefined;
  /** The default, if it is a literal, in TypeScript: `"dev"`, `true`, `5439`. */
  readonly literal: string | undefined;
}

/** Reads the JSDoc of the library's props. Returns it by interface and prop: `DataApiKeyProps.alias`. */
export function readDescriptions(): ReadonlyMap<string, Description> {
  const interfaces = new Map(
    statementsIn("modules")
      .filter(ts.isInterfaceDeclaration)
      .map((declaration) => [declaration.name.text, declaration]),
  );
  const membersOf = (declaration: ts.InterfaceDeclaration): readonly ts.PropertySignature[] => [
    ...(declaration.heritageClauses ?? [])
      .flatMap(({ types }) => types.map(({ expression }) => interfaces.get(expression.getText())))
      .flatMap((base) => (base === undefined ? [] : membersOf(base))),
    ...declaration.members.filter(ts.isPropertySignature),
  ];
  return new Map(
    [...interfaces].flatMap(([name, declaration]) =>
      membersOf(declaration).map((member) => [`${name}.${member.name.getText()}`, descriptionOf(member)] as const),
    ),
  );
}

function descriptionOf(member: ts.PropertySignature): Description {
  const preset = tagText(member, "default");
  return {
    literal: preset?.startsWith("- ") ? undefined : preset,
    meaning: docText(member),
    preset: preset?.replace(/^- /, ""),
  };
}
