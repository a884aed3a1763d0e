import { escapedTexts, plain } from "../../review/render/escape";
import type { GrantMaking } from "./grant-making";
import type { GrantReport, KeyReport, WarehouseReport } from "./report";

/** Returns the report as text, with a block for each key. Text from the account is escaped, because it may be hostile. */
export function textOf(reports: readonly KeyReport[]): string {
  return escapedTexts(reports, plain).map(keyText).join("\n\n");
}

function keyText({ arn, findings, grants, otherGrants, stack, state, warehouses }: KeyReport): string {
  const counts =
    grants === null ? "grants not shown" : `${grants.length} of the Data API, ${otherGrants.length} others`;
  return [
    `${arn} (${state ?? "not shown"})${stack === null ? "" : `, stack ${stack}`}`,
    `  grants: ${counts}`,
    ...(grants ?? []).flatMap(grantLines),
    ...(warehouses.length > 0 ? ["  warehouses under the key:"] : []),
    ...warehouses.map(warehouseLine),
    findings.length > 0 ? `  findings: ${findings.length}` : "  no findings",
    ...findings.map(({ id, message, subject }) => `    ${id} ${subject}: ${message}`),
  ].join("\n");
}

function grantLines({ constraint, encryptionContext, id, name, status, ...grant }: GrantReport): readonly string[] {
  const { grantee, operations, retiringPrincipal } = grant;
  return [
    `    ${id} ${status}${name === null ? "" : ` '${name}'`}`,
    `      grantee ${grantee}: ${operations.join(", ")}`,
    ...(retiringPrincipal === null ? [] : [`      retired by ${retiringPrincipal}`]),
    ...(constraint === "equals" ? ["      exactly this encryption context:"] : []),
    ...Object.entries(encryptionContext).map(([key, value]) => `      ${key} = ${value}`),
  ];
}

function warehouseLine({ arn, grantMaking, hasGrant }: WarehouseReport): string {
  const text = hasGrant === null ? "not judged whether it has a grant" : hasGrant ? "has a grant" : "has no grant";
  return `    ${arn} ${text}; ${GRANT_MAKING_TEXTS[grantMaking]}`;
}

const GRANT_MAKING_TEXTS: Readonly<Record<GrantMaking, string>> = {
  allowed: "the key policy allows a new grant (IAM is not read)",
  "by-administrators-only": "the key policy allows a new grant only to administrators (IAM is not read)",
  "by-documented-service-name":
    "the key policy allows a new grant only through redshift.amazonaws.com (IAM is not read)",
  "left-to-iam": "the key policy leaves a new grant to IAM policies, which are not read",
  "not-shown": "the key policy is not shown",
  refused: "the key policy allows nobody a new grant",
};
