import type { Key } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { limitingValues } from "../../policy/condition";
import { accessTo, isEvaluable, principalsOf } from "../../policy/key-access";
import { matchesAction } from "../../policy/statement";
import { hiddenKeyPolicies, warehousesWithoutKey } from "../not-shown";
import { type NotJudged, type Rule, rule } from "../rule";
import { allowStatements, canChangePolicy, isPossible, isUniqueId, shownKeys } from "./statements";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";
const VIA_SERVICE =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

/** The name on the Data API's page. */
const BARE_SERVICE = "redshift.amazonaws.com";

/** The rules of the grant that the Data API creates on a key. */
export const DATA_API_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-no-data-api-grant",
    title: "The Data API cannot create its grant",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: warehousesOfPolicies,
    unjudged: withoutRegion,
    faultOf: ({ names, key, services, warehouse }) =>
      !allows(key, names, "kms:CreateGrant") &&
      !services.includes(BARE_SERVICE) && {
        consequence: `Nobody but administrators can make ${serviceOf(warehouse)} create a grant on the key, so the Data API fails for everybody else who uses ${warehouse.resource.address}.`,
        remedy: `Allow kms:CreateGrant and kms:DescribeKey if kms:ViaService is ${serviceOf(warehouse)} and kms:CallerAccount is the account.`,
      },
  }),
  rule({
    id: "key-policy-documented-service-name",
    title: "kms:ViaService names the service without its Region",
    see: VIA_SERVICE,
    notShown: hiddenLinks,
    subjects: warehousesOfPolicies,
    unjudged: withoutRegion,
    faultOf: ({ names, key, services, warehouse }) =>
      !allows(key, names, "kms:CreateGrant") &&
      services.includes(BARE_SERVICE) && {
        consequence: `kms:ViaService allows ${BARE_SERVICE}, the name on the Data API's page, and not ${serviceOf(warehouse)}, the name in the KMS guide: AWS does not document which one the Data API sends, so it may fail to create its grant for ${warehouse.resource.address}.`,
        remedy: `Add ${serviceOf(warehouse)} to the values of kms:ViaService.`,
      },
  }),
  rule({
    id: "key-policy-no-data-api-describe-key",
    title: "The Data API cannot describe the key",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: warehousesOfPolicies,
    unjudged: withoutRegion,
    faultOf: ({ key, names, warehouse }) =>
      allows(key, names, "kms:CreateGrant") &&
      !allows(key, names, "kms:CreateGrant", "kms:DescribeKey") && {
        consequence: `The key policy lets nobody but administrators do both kms:CreateGrant and kms:DescribeKey through ${serviceOf(warehouse)}, so the Data API fails for everybody else who uses ${warehouse.resource.address}.`,
        remedy: "Allow kms:DescribeKey in the statement that allows kms:CreateGrant.",
      },
  }),
];

function hiddenLinks(model: Model): readonly NotJudged[] {
  return [...hiddenKeyPolicies(model), ...warehousesWithoutKey(model)];
}

function withoutRegion({ warehouse }: { readonly warehouse: Warehouse }): string | undefined {
  return warehouse.region === undefined ? `the Region of ${warehouse.address} is unknown` : undefined;
}

/** The value of kms:ViaService for a warehouse, by the KMS guide. */
function serviceOf({ kind, region }: Warehouse): string {
  return `${kind === "cluster" ? "redshift" : "redshift-serverless"}.${region ?? "REGION"}.amazonaws.com`;
}

/** The warehouses under evaluable policies, each with the names of its service, and all services that may create grants. */
function warehousesOfPolicies(model: Model) {
  return shownKeys(model)
    .filter(({ policy }) => policy.after.statements.every(isEvaluable))
    .flatMap((key) => {
      const services = allowStatements(key)
        .filter((statement) => matchesAction(statement, "kms:CreateGrant"))
        .flatMap((statement) => limitingValues(statement, "kms:ViaService") ?? []);
      return model.warehousesOf(key, "after").map((warehouse) => {
        const service = serviceOf(warehouse);
        // If the Region is not known, any Region in the policy may be the one.
        const pattern = new RegExp(`^${service.replace("REGION", "[a-z]+(-[a-z]+)+-[0-9]+")}$`);
        const names = [service, ...services.filter((name) => pattern.test(name))];
        return { address: key.address, key, names, services, warehouse };
      });
    });
}

/** Whether somebody who is no administrator can do all of these actions through one of the services. */
function allows({ account, policy }: Key, services: readonly string[], ...actions: readonly string[]): boolean {
  const { statements } = policy.after;
  const isAdministrator = (principal: string): boolean =>
    principal !== "*" && !/\broot\b/.test(principal) && canChangePolicy(statements, principal, account);
  return principalsOf(statements)
    .filter((principal) => !isAdministrator(principal) && !isUniqueId(principal))
    .some((principal) =>
      services.some((service) =>
        actions.every((action) => isPossible(accessTo(statements, principal, action, account), service, account)),
      ),
    );
}
