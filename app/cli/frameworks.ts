/** A CDK framework, CDKTF or CDK Terrain: its packages, in the versions that the tests use. */
export interface Framework {
  /** The npm package that has the command `redshift-kms` for this framework. */
  readonly cli: string;
  /** The framework's command that plans and deploys. */
  readonly command: string;
  /** The oldest Node.js that all packages support. */
  readonly node: readonly [major: number, minor: number];
  /**
   * The newest major version of Node.js for which the command's native library has a binary; undefined if the command has no native
   * library.
   */
  readonly newestNode?: number;
  readonly packages: Readonly<Record<string, string>>;
}

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  cdktf: {
    cli: "@redshift-kms/cli",
    command: "cdktf",
    node: [20, 0],
    newestNode: 22,
    packages: { "@cdktf/provider-aws": "21.22.1", cdktf: "0.21.0", "cdktf-cli": "0.21.0", constructs: "10.7.2" },
  },
  cdktn: {
    cli: "@redshift-kms/cli-cdktn",
    command: "cdktn",
    // The provider package requires Node.js 22.11, and cdktn-cli 22.19.
    node: [22, 19],
    packages: { "@cdktn/provider-aws": "25.7.0", cdktn: "0.24.0", "cdktn-cli": "0.24.0", constructs: "10.7.2" },
  },
};
