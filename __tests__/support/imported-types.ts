import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { ROOT } from "./paths";

/** The names of the types of resources and data sources that the sources of folders import from the provider's bindings. */
export function importedTypes(...folders: readonly string[]): readonly string[] {
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { absolute: true, cwd: ROOT },
  );
  const imported = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/@cdktf\/provider-aws\/lib\/([\w-]+)/g)].map(([, name]) => name!),
  );
  return [...new Set(imported)].filter((name) => name !== "provider").sort();
}

/** The class of a type in the provider's bindings. */
export function bindingOf(name: string): { readonly prototype: object; readonly tfResourceType: string } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the types that sources import
  const exported = require(`@cdktf/provider-aws/lib/${name}`) as Readonly<Record<string, unknown>>;
  const isResource = (value: unknown) => typeof value === "function" && "tfResourceType" in value;
  return Object.values(exported).find(isResource) as ReturnType<typeof bindingOf>;
}
