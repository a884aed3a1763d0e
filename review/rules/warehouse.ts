import type { KeyUse, Model, Warehouse } from "../model/model";
import { attributeOf, blocksOf, isThere, type PlannedResource, type Side, textOf, valueOf } from "../plan/plan";
import type { Fault, Rule } from "./rule";

const ENCRYPTION = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html";
const COPY = "https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateSnapshotCopyGrant.html";
const MODIFY_CLUSTER = "https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html";
const PASSWORD = "https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html";
const PUBLIC = "https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html";
const SERVERLESS = "https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateWorkgroup.html";
const SNAPSHOTS = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html";
const TLS = "https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-ssl-support.html";

/** The rules of clusters, namespaces and workgroups. */
export const WAREHOUSE_RULES: readonly Rule[] = [
  {
    check: (model) =>
      ofWarehouses(model, ({ key, kind, resource }) =>
        kind === "cluster" &&
        resource.action === "update" &&
        isEncrypted(resource, "before") &&
        isOther(key.before, key.after)
          ? {
              consequence:
                "AWS refuses another key for a cluster that is encrypted, so the apply fails, maybe after other changes.",
              remedy: "Keep the key, or unload the data and load it into a cluster that is made with the new key.",
            }
          : undefined,
      ),
    id: "warehouse-key-changed",
    see: MODIFY_CLUSTER,
    severity: "error",
    title: "The key of an encrypted cluster changes",
  },
  {
    check: (model) =>
      ofWarehouses(model, ({ resource }) => {
        const key = textOf(resource, "after", "kms_key_id");
        const isOther =
          key !== undefined &&
          key !== "" &&
          key !== "AWS_OWNED_KMS_KEY" &&
          !/^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(key);
        const alias = isOther ? undefined : aliasBehind(model, resource);
        return isOther || alias
          ? {
              consequence: `AWS answers the key's ARN for ${alias?.address ?? key}, so every plan shows a change, and one that is applied can end in "This encryption info combination is invalid".`,
              remedy: "Give the key's ARN, as aws_kms_key.arn or data.aws_kms_alias.target_key_arn has it.",
            }
          : undefined;
      }),
    id: "warehouse-key-not-arn",
    see: MODIFY_CLUSTER,
    severity: "error",
    title: "The key is not given by its ARN",
  },
  {
    check: (model) =>
      ofWarehouses(model, ({ kind, resource }) =>
        kind === "cluster" && isUnencrypted(resource)
          ? {
              consequence: "The cluster's data and snapshots are not encrypted with a key of yours.",
              remedy: "Set encrypted to true, and kms_key_id to the key's ARN.",
            }
          : undefined,
      ),
    id: "warehouse-not-encrypted",
    see: ENCRYPTION,
    severity: "error",
    title: "The cluster is not encrypted",
  },
  {
    check: (model) =>
      ofWarehouses(model, ({ key, kind, resource }) =>
        key.after.kind === "none" && !(kind === "cluster" && isUnencrypted(resource))
          ? {
              consequence:
                "The data, and what the Data API stores, are encrypted with a key that AWS owns, which no policy of yours governs and nobody can revoke.",
              remedy: "Set kms_key_id to the ARN of a customer managed key.",
            }
          : undefined,
      ),
    id: "warehouse-aws-owned-key",
    see: ENCRYPTION,
    severity: "warning",
    title: "The warehouse is encrypted with a key that AWS owns",
  },
  {
    check: (model) =>
      model.warehouses
        .filter(({ resource }) => resource.action === "replace")
        .map(({ kind, resource }) => ({
          address: resource.address,
          consequence: `The ${kind} and its data are deleted, and an empty one is made${because(resource)}.`,
          remedy: "Take back what forces the replacement, or restore the new one from a snapshot on purpose.",
        })),
    id: "warehouse-replaced",
    see: SNAPSHOTS,
    severity: "error",
    title: "The warehouse is replaced by an empty one",
  },
  {
    check: (model) =>
      model.warehouses
        .filter(({ resource }) => resource.action === "destroy")
        .map(({ kind, resource }) => ({
          address: resource.address,
          consequence: `The ${kind} and its data are deleted.`,
          remedy: "Keep it, or let Terraform forget it with a removed block, unless the data is meant to go.",
        })),
    id: "warehouse-destroyed",
    see: SNAPSHOTS,
    severity: "error",
    title: "The warehouse is destroyed",
  },
  {
    check: (model) =>
      model
        .ofType("aws_redshift_cluster")
        .filter(
          (resource) =>
            ["destroy", "replace"].includes(resource.action) &&
            valueOf(resource, "before", "skip_final_snapshot") === true,
        )
        .map(({ address }) => ({
          address,
          consequence:
            "No snapshot is taken before the cluster is deleted, so nothing can be restored but from older snapshots made by hand.",
          remedy:
            "Apply skip_final_snapshot = false and a final_snapshot_identifier first: destroying reads both from the state.",
        })),
    id: "warehouse-no-final-snapshot",
    see: SNAPSHOTS,
    severity: "error",
    title: "No final snapshot is taken",
  },
  {
    check: (model) =>
      [...model.ofType("aws_redshift_cluster"), ...model.ofType("aws_redshiftserverless_workgroup")]
        .filter((resource) => valueOf(resource, "after", "publicly_accessible") === true)
        .map(({ address }) => ({
          address,
          consequence: "The warehouse has an address of the internet, and only its security groups keep others out.",
          remedy: "Set publicly_accessible to false: the Data API needs no way in.",
        })),
    id: "warehouse-public",
    see: PUBLIC,
    severity: "error",
    title: "The warehouse can be reached from the internet",
  },
  {
    check: (model) => [
      ...model.ofType("aws_redshift_cluster").flatMap((cluster) => clusterWithoutTls(cluster, model)),
      ...model
        .ofType("aws_redshiftserverless_workgroup")
        .filter((workgroup) => settingOf(workgroup, "config_parameter", "require_ssl") === "false")
        .map(({ address }) => withoutTls(address, "its config_parameter require_ssl")),
    ],
    id: "warehouse-tls-not-required",
    see: TLS,
    severity: "error",
    title: "Connections need no TLS",
  },
  {
    check: (model) =>
      passwords(model)
        .filter(([resource, name]) => model.references.isConstant(resource, name))
        .map(([{ address }, name]) => ({
          address,
          consequence: `${name} is written in the configuration, where everybody reads it who reads the code.`,
          remedy:
            "Let Redshift make and keep the password (manage_master_password, manage_admin_password), and change this one.",
        })),
    id: "warehouse-password-in-code",
    see: PASSWORD,
    severity: "error",
    title: "The admin's password is in the code",
  },
  {
    check: (model) =>
      passwords(model)
        .filter(([resource, name]) => !model.references.isConstant(resource, name))
        .map(([{ address }, name]) => ({
          address,
          consequence: `${name} is kept in the state and in every saved plan, where everybody reads it who reads those.`,
          remedy:
            "Let Redshift make and keep the password (manage_master_password, manage_admin_password), or pass it write-only.",
        })),
    id: "warehouse-password-in-state",
    see: PASSWORD,
    severity: "error",
    title: "The admin's password is in the state",
  },
  {
    check: (model) =>
      [...snapshotCopies(model)].map((address) => ({
        address,
        consequence:
          "Redshift cannot encrypt the copies with a key of the other Region, so it refuses to copy the snapshots of a cluster that is encrypted with a KMS key.",
        remedy: "Make an aws_redshift_snapshot_copy_grant in the destination Region, and name it here.",
      })),
    id: "warehouse-snapshot-copy-without-grant",
    see: COPY,
    severity: "error",
    title: "Snapshots are copied to another Region without a grant on a key there",
  },
  {
    check: (model) =>
      model
        .ofType("aws_redshiftserverless_workgroup")
        .filter(({ action }) => action === "replace")
        .map((resource) => ({
          address: resource.address,
          consequence: `The workgroup and its endpoint are deleted and made anew${because(resource)}: connections break, and policies that name its ARN match it no more.`,
          remedy: "Take back what forces the replacement, or change the policies with it.",
        })),
    id: "warehouse-workgroup-replaced",
    see: SERVERLESS,
    severity: "warning",
    title: "The workgroup is replaced",
  },
];

/** A fault of every warehouse that has one after the change. */
function ofWarehouses(
  model: Model,
  check: (warehouse: Warehouse) => Omit<Fault, "address"> | undefined,
): readonly Fault[] {
  return model.warehouses.flatMap((warehouse) => {
    const fault = isThere(warehouse.resource, "after") ? check(warehouse) : undefined;
    return fault ? [{ address: warehouse.resource.address, ...fault }] : [];
  });
}

/** The bindings of the provider have had it as a text, too. */
function isEncrypted(resource: PlannedResource, side: Side): boolean {
  return String(valueOf(resource, side, "encrypted")) === "true";
}

function isUnencrypted(resource: PlannedResource): boolean {
  return String(valueOf(resource, "after", "encrypted")) === "false";
}

/** Whether one use of a key is surely of another key than the other, or of one that is created again. */
function isOther(before: KeyUse, after: KeyUse): boolean {
  if (before.kind === "planned" && after.kind === "planned") {
    return before.key !== after.key || before.key.resource?.action === "replace";
  }
  if (before.kind === "elsewhere" && after.kind === "elsewhere") {
    return before.name !== after.name && [before.name, after.name].every((name) => name.includes(":key/"));
  }
  return before.kind !== "hidden" && after.kind !== "hidden";
}

/** The alias that an attribute which is not known yet will be. */
function aliasBehind(model: Model, resource: PlannedResource): PlannedResource | undefined {
  const { kind } = attributeOf(resource, "after", "kms_key_id");
  return kind === "unknown until apply"
    ? model.references
        .origins(resource, "kms_key_id")
        .find(({ attribute, resource: { type } }) => type === "aws_kms_alias" && attribute !== "target_key_arn")
        ?.resource
    : undefined;
}

function because({ change: { replace_paths: paths = [] } }: PlannedResource): string {
  return paths.length === 0 ? "" : `, because of ${paths.map((path) => path.join(".")).join(", ")}`;
}

function withoutTls(address: string, where: string): Fault {
  return {
    address,
    consequence: `Whoever connects may do so without TLS, and send the password and the data in the clear (${where}).`,
    remedy: "Set require_ssl to true.",
  };
}

/** The value of a setting in a list of them; null if the list is known and lacks it, undefined if it is not known. */
function settingOf(resource: PlannedResource, attribute: string, name: string): string | null | undefined {
  const settings = blocksOf(resource, "after", attribute);
  const found = settings?.find((setting) => (setting.name ?? setting.parameter_key) === name);
  return found ? String(found.value ?? found.parameter_value).toLowerCase() : settings && null;
}

function clusterWithoutTls(cluster: PlannedResource, model: Model): readonly Fault[] {
  if (!isThere(cluster, "after")) {
    return [];
  }
  const name = textOf(cluster, "after", "cluster_parameter_group_name");
  if (name === "default.redshift-1.0") {
    return [withoutTls(cluster.address, name)];
  }
  const groups =
    name === undefined
      ? model.references.behind(cluster, "cluster_parameter_group_name")
      : model.having("aws_redshift_parameter_group", "name", name);
  const group = groups.find(({ type }) => type === "aws_redshift_parameter_group");
  if (!group) {
    return [];
  }
  // The family has the value if the group does not: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
  const setting = settingOf(group, "parameter", "require_ssl");
  const isRequired = setting === null ? textOf(group, "after", "family") !== "redshift-1.0" : setting !== "false";
  return isRequired ? [] : [withoutTls(cluster.address, group.address)];
}

/** The warehouses whose admin's password is in the state, with the attribute that has it. */
function passwords(model: Model): readonly (readonly [PlannedResource, string])[] {
  return model.warehouses
    .map(({ kind, resource }) => [resource, kind === "cluster" ? "master_password" : "admin_user_password"] as const)
    .filter(([resource, name]) => isThere(resource, "after") && attributeOf(resource, "after", name).kind !== "absent");
}

/** The resources that copy the snapshots of an encrypted cluster without a grant. */
function* snapshotCopies(model: Model): Generator<string> {
  const clusters = new Set(
    model.warehouses
      .filter(
        ({ key, kind, resource }) => kind === "cluster" && isEncrypted(resource, "after") && key.after.kind !== "none",
      )
      .map(({ resource }) => resource),
  );
  for (const cluster of clusters) {
    const [copy] = blocksOf(cluster, "after", "snapshot_copy") ?? [];
    if (copy && !copy.grant_name) {
      yield cluster.address;
    }
  }
  for (const copy of model.ofType("aws_redshift_snapshot_copy").filter((one) => isThere(one, "after"))) {
    const identifier = textOf(copy, "after", "cluster_identifier");
    const copied =
      identifier === undefined
        ? model.references.behind(copy, "cluster_identifier")
        : model.having("aws_redshift_cluster", "cluster_identifier", identifier);
    const isGranted = attributeOf(copy, "after", "snapshot_copy_grant_name").kind !== "absent";
    if (!isGranted && copied.some((cluster) => clusters.has(cluster))) {
      yield copy.address;
    }
  }
}
