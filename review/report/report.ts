import { type ContextReport, contextReport } from "../model/encryption-context";
import { Model } from "../model/model";
import { type Change, type Changes, changesOf, driftOf } from "../plan/changes";
import type { Plan } from "../plan/plan";
import { standingPlan } from "../plan/standing";
import type { Promises } from "../rules/rule";
import { type Finding, type Judgement, judge } from "./findings";
import type { Sources } from "../source/sources";
import { granteesByKey, reportsOfAbsentKeys } from "./grant-access";
import type { Ignore } from "./ignore";
import { IamAccess } from "./iam-access";
import { type KeyReport, keyReport } from "./key-report";
import { RoleReaches } from "./role-reach";

/** The review of one plan. */
export interface Report extends Judgement {
  readonly changes: Changes;
  /** The changes outside Terraform since the last apply. */
  readonly drift: readonly Change[];
  readonly keys: readonly KeyReport[];
  /** Why the plan is not complete; undefined if it is. */
  readonly shortfall: string | undefined;
  /** The name of the input. */
  readonly source: string;
  readonly warehouses: readonly ContextReport[];
}

const NO_PROMISES: Promises = { forbidden: [], references: [] };

/**
 * Reviews a plan.
 *
 * @param sources - the configuration of the plan, for the files and lines of findings
 */
export function review(plan: Plan, ignores: readonly Ignore[] = [], promises = NO_PROMISES, sources?: Sources): Report {
  const model = new Model(plan);
  const standing = once(() => new Model(standingPlan(plan)));
  const grantees = granteesByKey(model);
  const iam = new IamAccess(model, standing);
  const judgement = judge(model, standing, ignores, promises);
  const byKeyPolicy = model.keys.map(keyReport);
  const keys = byKeyPolicy.map((report, index) => {
    const key = model.keys[index]!;
    const byIam = iam.rowsOf(key, report.principals);
    return { ...report, principals: [...report.principals, ...byIam, ...(grantees.get(key) ?? [])] };
  });
  const reaches = new RoleReaches(model, byKeyPolicy);
  return {
    changes: changesOf(plan.resources),
    drift: driftOf(model.drift),
    ...judgement,
    findings: judgement.findings.map((finding) => located(withReach(finding, reaches), sources)),
    keys: [...keys, ...reportsOfAbsentKeys(model)],
    shortfall: plan.shortfall,
    source: plan.source,
    warehouses: model.warehouses.map((warehouse) => contextReport(warehouse, model)),
  };
}

/** Returns a function that computes its value at the first call, and then returns it again. */
function once<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}

function withReach(finding: Finding, reaches: RoleReaches): Finding {
  const reach = reaches.at(finding.address);
  return reach === undefined ? finding : { ...finding, reach };
}

function located(finding: Finding, sources: Sources | undefined): Finding {
  const location = sources?.locationOf(finding.address);
  return location === undefined ? finding : { ...finding, location };
}
