/** A resource or data source of a configuration, and the line at which it begins. */
export interface Block {
  /** Its address without modules and indexes: `aws_kms_key.k` or `data.aws_kms_key.k`. */
  readonly address: string;
  readonly line: number;
}

/** The blocks of a file. */
export interface SourceFile {
  readonly blocks: readonly Block[];
  /** Whether the file has a syntax error that the reader finds, so that Terraform refuses it. */
  readonly isBroken: boolean;
}

/** Returns the address of a block from its type and labels; undefined if it is no resource and no data source. */
export function addressOf([kind, type, name, ...others]: readonly string[]): string | undefined {
  const isNamed = type !== undefined && name !== undefined && others.length === 0;
  return isNamed && (kind === "resource" || kind === "data")
    ? `${kind === "data" ? "data." : ""}${type}.${name}`
    : undefined;
}
