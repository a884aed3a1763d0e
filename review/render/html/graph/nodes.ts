import type { KeyGroup } from "./key-groups";
import { LINE_HEIGHT, PADDING } from "./sizes";
import { nameLines } from "./text-lines";

/** A node of a drawing. */
export interface Node {
  readonly action: string;
  readonly height: number;
  readonly kind: "key" | "principal" | "warehouse";
  readonly lines: readonly string[];
  readonly title: readonly string[];
}

export function keyNode({ action, isHidden, isUnchanged, names }: KeyGroup): Node {
  const others = names.length - 1;
  if (isUnchanged && others > 0) {
    return nodeOf("key", [`${names.length} keys`, "without a change of access"], names);
  }
  const othersLine = others === 0 ? [] : [`and ${others} more, in the same way`];
  const remark = isHidden ? ["policy not shown"] : [];
  return nodeOf("key", [...nameLines(names[0]!), ...othersLine, ...remark], names, action);
}

/** Returns the node of a principal, with the last part of its ARN and its account. */
export function principalNode(principal: string): Node {
  const [, account, resource] = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.+)$/s.exec(principal) ?? [];
  const name = resource ?? (principal === "*" ? "* (everybody)" : principal);
  return nodeOf(
    "principal",
    [...nameLines(name), ...(resource === undefined ? [] : [`account ${account}`])],
    [principal],
  );
}

export function warehouseNode(address: string, action: string | undefined): Node {
  return nodeOf("warehouse", nameLines(address), [address], action);
}

function nodeOf(kind: Node["kind"], name: readonly string[], title: readonly string[], action = "none"): Node {
  const lines = [...(action === "none" ? [] : [action]), ...name];
  return { action, height: lines.length * LINE_HEIGHT + 2 * PADDING, kind, lines, title };
}
