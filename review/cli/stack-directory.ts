import { readdirSync } from "node:fs";
import { join } from "node:path";
import { LOCALS, readStack, type Stack } from "../plan/stack";
import { readHclStack } from "../source/hcl-stack";
import { Sources } from "../source/sources";

/**
 * Reads the configuration in a directory, and that of its modules. Returns undefined if there is none, or if it has a file that can
 * replace a part of another file: an override file, or a file of OpenTofu. A module with such a file is left out.
 *
 * @throws PlanError if a file cannot be read
 */
export function stackIn(directory: string, read: (file: string) => string): Stack | undefined {
  const root = moduleIn(directory, read);
  return (
    root &&
    new Map(
      [...new Sources(directory).modules].flatMap(([key, module]) => {
        const prefix = key === "" ? "" : `module.${key.replaceAll(".", ".module.")}.`;
        return [...(key === "" ? root : (moduleIn(module, read) ?? []))].map(([address, values]) => [
          prefix + address,
          values,
        ]);
      }),
    )
  );
}

function moduleIn(directory: string, read: (file: string) => string): Stack | undefined {
  const names = filesIn(directory).filter((name) => /^[^.].*\.(tf|tofu)(\.json)?$/.test(name));
  if (names.length === 0 || names.some((name) => /(^|_)override\.|\.tofu(\.json)?$/.test(name))) {
    return undefined;
  }
  return names
    .map((name) => join(directory, name))
    .map((file) => (file.endsWith(".json") ? readStack : readHclStack)(read(file), file))
    .reduce(merged);
}

function merged(one: Stack, other: Stack): Stack {
  const locals = { ...one.get(LOCALS), ...other.get(LOCALS) };
  return new Map([...one, ...other, [LOCALS, locals]]);
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
