import { type Rule, rule } from "../rule";
import { replacementReason } from "./loss";

/** The rules of workgroups, which have no data. */
export const WORKGROUP_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-workgroup-replaced",
    severity: "warning",
    title: "The workgroup is replaced",
    see: "https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateWorkgroup.html",
    subjects: (model) => model.ofType("aws_redshiftserverless_workgroup"),
    faultOf: (workgroup) =>
      workgroup.action === "replace" && {
        consequence: `The workgroup and its endpoint are deleted and created again${replacementReason(workgroup)}: connections break, and policies that name its ARN match it no more.`,
        remedy: "Take back what forces the replacement, or change the policies with it.",
      },
  }),
];
