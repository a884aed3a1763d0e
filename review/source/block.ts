/** A resource or data source of a configuration, and the line that it begins at. */
export interface Block {
  /** As an address without modules and indexes has it: `aws_kms_key.k` or `data.aws_kms_key.k`. */
  readonly address: string;
  readonly line: number;
}

/** The address of a block by its type and labels; undefined for a block that is no resource and no data source. */
export function addressOf([kind, type, name, ...others]: readonly string[]): string | undefined {
  const isNamed = type !== undefined && name !== undefined && others.length === 0;
  return isNamed && (kind === "resource" || kind === "data")
    ? `${kind === "data" ? "data." : ""}${type}.${name}`
    : undefined;
}
