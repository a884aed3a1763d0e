import { commandLine } from "./command-line";

// The help texts of the commands that always create constructs. They are in one module, which imports no framework, so that
// `redshift-kms COMMAND --help` needs no framework.

export const synthHelp = () => `Usage: ${commandLine("synth")} [STACK ...]

Writes the Terraform of the stacks to cdktf.out/stacks/STACK/cdk.tf.json. If the configuration has a problem, it writes nothing.

  STACK   names of stacks, with * as for cdktf; all stacks are the default
  --help

  WAREHOUSES     the files of the configuration; warehouses.yaml is the default
  CDKTF_OUTDIR   the output directory; cdktf.out is the default`;

export const listHelp = () => `Usage: ${commandLine("list")} [STACK ...] [--json]
       ${commandLine("list")} --changed-since REF [--json]

Lists the stacks of the configuration, or those that differ from a git ref.

  STACK                names of stacks, with * as for cdktf
  --changed-since REF  the stacks whose Terraform differs from the configuration of a git ref
  --json               JSON in place of a table
  --help

The exit status is 0, also if no stack differs, and 1 if there is an error.`;

export const adoptHelp = () => `Usage: ${commandLine("adopt")} (--cluster ID | --workgroup NAME) [option ...]

Reads a warehouse of a live account, and writes the entry of warehouses.yaml that describes it, with its import. It
changes nothing in AWS. docs/adopt.md has the steps that follow.

  --cluster ID        the identifier of a cluster
  --workgroup NAME    the name of a serverless workgroup
  --name NAME         the name of the entry; the name of the warehouse is the default
  --output FILE       the file to write, which must not exist; the standard output is the default
  --region REGION     the Region of the environment or of the profile is the default
  --profile PROFILE   the profile of the AWS configuration
  --help`;

export const sqlHelp = () => `Usage: ${commandLine("sql")} STACK (--plan | --apply) [option ...]

Compares the database roles of a stack's configuration with those of its database, through the Data API as the admin. It prints
the SQL that the database lacks, and runs it with --apply. It reads WAREHOUSES as synth does. docs/database-roles.md has
the permissions that it takes.

  --plan              print the SQL, and run none: the database gets SELECT statements only
  --apply             run the SQL: at most 40 statements in one transaction
  --revoke            also revoke each privilege that a configured role has on a configured object, and that the
                      configuration does not give
  --profile PROFILE   the profile of the AWS configuration
  --help

The exit status is 0 if the database has everything, or has it after --apply; 2 if --plan prints SQL; 1 after an error.`;
