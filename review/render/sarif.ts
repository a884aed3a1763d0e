import { version } from "../../package.json";
import type { Finding } from "../report/findings";
import type { Report } from "../report/report";
import { RULES } from "../rules";

/**
 * The findings for code scanning, in SARIF 2.1.0. Ignored findings are suppressed.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf(reports: readonly Report[]): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        columnKind: "utf16CodeUnits",
        results: reports.flatMap(({ findings, source }) => findings.map((finding) => resultOf(finding, source))),
        tool: {
          driver: {
            name: "redshift-kms-review",
            rules: RULES.map(({ id, see, severity, title }) => ({
              defaultConfiguration: { level: severity },
              helpUri: see,
              id,
              shortDescription: { text: title },
            })),
            version,
          },
        },
      },
    ],
    version: "2.1.0",
  };
}

function resultOf({ address, consequence, ignored, remedy, rule, severity }: Finding, source: string): object {
  return {
    level: severity,
    locations: [
      {
        logicalLocations: [{ fullyQualifiedName: address, kind: "resource" }],
        // A plan has no lines that a reader would look at, and code scanning wants a place.
        physicalLocation: { artifactLocation: { uri: uriOf(source) }, region: { startLine: 1 } },
      },
    ],
    message: { text: `${address}: ${consequence} ${remedy}` },
    partialFingerprints: { "ruleAndAddress/v1": `${rule}:${address}` },
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    ...(ignored !== undefined && { suppressions: [{ justification: ignored, kind: "external" }] }),
  };
}

function uriOf(source: string): string {
  return encodeURI(source.replaceAll("\\", "/")).replace(/[#?]/g, encodeURIComponent);
}
