import { createHash } from "node:crypto";
import { version } from "../../package.json";
import type { Finding, RuleNotJudged } from "../report/findings";
import { subjectText } from "../report/ignore";
import type { Report } from "../report/report";
import { RULES } from "../rules";
import type { Location } from "../source/sources";
import { plain, sarifMessage } from "./escape";
import { reachSentence } from "./text";

/** The name of the tool. The category of each run begins with it. */
const TOOL = "redshift-kms-review";

/**
 * Renders the findings in SARIF 2.1.0, for code scanning. Ignored findings are suppressed. With several plans, each run has a
 * category, because GitHub refuses two runs of one category. A single plan has no category, so that the job that uploads the file
 * can set the category.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function sarifOf(reports: readonly Report[]): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: reports.map((report) => ({
      ...(reports.length > 1 && { automationDetails: { id: `${TOOL}/${report.source}/` } }),
      ...runOf(report),
    })),
    version: "2.1.0",
  };
}

function runOf({ findings, notJudged, shortfall, source }: Report): object {
  const counts = new Map<string, number>();
  const results = findings.map((finding) => {
    const identity = `${finding.rule}:${subjectText(finding)}`;
    const count = (counts.get(identity) ?? 0) + 1;
    counts.set(identity, count);
    return resultOf(finding, source, identity, count);
  });
  return {
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          ...(shortfall === undefined ? [] : [{ level: "warning", message: { text: shortfall } }]),
          ...notJudged.map((entry) => notificationOf(entry, source)),
        ],
      },
    ],
    results,
    tool: {
      driver: {
        name: TOOL,
        rules: RULES.map(({ id, see, severity, title }) => ({
          defaultConfiguration: { level: severity },
          helpUri: see,
          id,
          shortDescription: { text: title },
        })),
        version,
      },
    },
  };
}

function notificationOf({ address, reason, rule }: RuleNotJudged, source: string): object {
  return {
    associatedRule: { id: rule, index: indexOf(rule) },
    level: "warning",
    locations: [locationOf(address, source)],
    message: { text: sarifMessage(`${rule} could not be judged for ${address}: ${reason}.`) },
  };
}

/**
 * Returns the place of a resource in the configuration. If it is unknown, returns the first line of the plan, because code scanning
 * requires a place.
 */
function locationOf(address: string, source: string, location?: Location): object {
  return {
    logicalLocations: [{ fullyQualifiedName: plain(address), kind: "resource" }],
    physicalLocation:
      location === undefined
        ? { artifactLocation: { uri: uriOf(source) }, region: { startLine: 1 } }
        : {
            artifactLocation: { uri: uriOf(location.file), uriBaseId: "%SRCROOT%" },
            region: { startLine: location.line },
          },
  };
}

function indexOf(rule: string): number {
  return RULES.findIndex(({ id }) => id === rule);
}

/** Converts a finding. `count` numbers the findings with the same identity, such as one for each warehouse of a key. */
function resultOf(finding: Finding, source: string, identity: string, count: number): object {
  const { address, consequence, ignored, isNew, location, remedy, rule, severity } = finding;
  return {
    level: severity,
    locations: [locationOf(address, source, location)],
    message: { text: sarifMessage([`${address}: ${consequence}`, ...reachSentence(finding), remedy].join(" ")) },
    partialFingerprints: {
      // GitHub distinguishes results by this fingerprint. Line numbers do not help: results without a location are all at the first
      // line.
      primaryLocationLineHash: `${createHash("sha256").update(identity).digest("hex").slice(0, 16)}:${count}`,
      "ruleAddressAndStatement/v1": identity,
    },
    properties: { isNew },
    ruleId: rule,
    ruleIndex: indexOf(rule),
    ...(ignored !== undefined && { suppressions: [{ justification: plain(ignored), kind: "external" }] }),
  };
}

function uriOf(source: string): string {
  return encodeURI(source.replace(/\p{Cs}/gu, "\ufffd").replaceAll("\\", "/")).replace(/[#?]/g, encodeURIComponent);
}
