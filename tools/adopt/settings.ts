import { follows, mustOf, type Rule } from "../../modules/private/rule";
import type { PropRule, PropSet } from "../../modules/private/prop-rules";
import type { Line } from "./yaml";

/** The reason for the default of a key, for comments in the YAML. */
const REASONS: Readonly<Record<string, string>> = {
  automatedSnapshotRetentionPeriod: "a fault may be a week old before anyone sees it",
  availabilityZoneRelocationEnabled: "Redshift then moves the cluster out of a zone that fails",
  enableKeyRotation: "AWS then changes the key material each year",
  enhancedVpcRouting: "COPY and UNLOAD then stay in the VPC",
  logExports: "an audit needs all three logs",
  maintenanceTrackName: "the current track has each fix first",
  manualSnapshotRetentionPeriod: "a manual snapshot then stays until it is deleted",
  port: "SQL clients expect it",
  trackName: "the current track has each fix first",
};
/** The comment for a key whose removal from the entry would change more than one setting. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  adminUsername: "Keep this line: without it, the admin gets the default name.",
  alias: "Without this line, the alias is alias/ and the name of the entry.",
  clusterParameterGroupName: "Without this line, the stack has a group that requires TLS and logs what users do.",
  databaseName: "Keep this line: another database replaces the warehouse.",
  masterUsername: "Keep this line: another name replaces the cluster.",
  namespaceName: "Keep this line: another name replaces the namespace.",
  workgroupName: "Keep this line: another name replaces the workgroup.",
};

/**
 * The keys that are written also with their default values: an import requires them, or they default to the name of the entry.
 */
const KEPT = new Set([...Object.keys(CONSEQUENCES), "logExports"]);

/** A value that an entry may have. */
export type Setting = boolean | number | string | readonly string[] | undefined;

/**
 * Returns the lines of settings that differ from their defaults. A value that an entry cannot have becomes a comment, because the
 * import keeps it.
 *
 * @param defaults - the defaults that are no literals of the rules
 */
export function settingLines(
  { rules }: PropSet<object>,
  settings: Readonly<Record<string, Setting>>,
  defaults: Readonly<Record<string, Setting>> = {},
): readonly Line[] {
  return Object.entries(settings).flatMap(([key, value]): readonly Line[] => {
    const {
      isRequired,
      preset: ruled,
      rule,
    } = (rules as Readonly<Record<string, PropRule & { readonly isRequired: boolean }>>)[key]!;
    const preset = defaults[key] ?? ruled;
    const isKept = isRequired || KEPT.has(key);
    const isDefault = JSON.stringify(value) === JSON.stringify(preset ?? []);
    if (value === undefined || (isDefault && !isKept)) {
      return [];
    }
    const refused = [value].flat().find((item) => rule !== undefined && !isAccepted(item, rule));
    if (refused !== undefined && !isKept) {
      return [
        { comments: [`${key}: ${JSON.stringify(value)}, which 'import' keeps. It must ${mustOf(rule!, refused)}.`] },
      ];
    }
    return [{ comments: isDefault ? [] : commentsOf(key, preset), key, value }];
  });
}

/**
 * Returns whether an entry may have a value: the value follows the rule, and has no `${` or `%{`, which Terraform would evaluate.
 */
function isAccepted(value: unknown, rule: Rule): boolean {
  return follows(value, rule) && !(typeof value === "string" && /[$%]\{/.test(value));
}

function commentsOf(key: string, preset: unknown): readonly string[] {
  const { [key]: consequence } = CONSEQUENCES;
  const { [key]: reason } = REASONS;
  return [
    ...(consequence === undefined ? [] : [consequence]),
    ...(reason === undefined || preset === undefined ? [] : [`The default is ${JSON.stringify(preset)}: ${reason}.`]),
  ];
}
