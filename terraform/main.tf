locals {
  administrators           = sort(distinct(concat(var.administrators, [for name in var.administrator_permission_sets : one(data.aws_iam_roles.roles[name].arns)])))
  administrators_canonical = jsondecode(length(local.administrators) == 1 ? jsonencode(local.administrators[0]) : jsonencode(local.administrators))
  deployers                = sort(distinct(concat(var.deployers, [for name in var.deployer_permission_sets : one(data.aws_iam_roles.roles[name].arns)])))
  deployers_canonical      = jsondecode(length(local.deployers) == 1 ? jsonencode(local.deployers[0]) : jsonencode(local.deployers))
  users                    = sort(distinct(concat(var.users, [for name in var.user_permission_sets : one(data.aws_iam_roles.roles[name].arns)], [for name, role in var.user_roles : "arn:${data.aws_partition.partition.partition}:iam::${data.aws_caller_identity.caller.account_id}:role${role.path}${name}"])))
  users_canonical          = jsondecode(length(local.users) == 1 ? jsonencode(local.users[0]) : jsonencode(local.users))
  via_services             = sort(distinct(length(var.via_services) > 0 ? var.via_services : ["redshift.amazonaws.com", "redshift.${data.aws_region.region.id}.amazonaws.com", "redshift-serverless.${data.aws_region.region.id}.amazonaws.com"]))
  via_services_canonical   = jsondecode(length(local.via_services) == 1 ? jsonencode(local.via_services[0]) : jsonencode(local.via_services))
}

data "aws_caller_identity" "caller" {}

data "aws_partition" "partition" {}

data "aws_region" "region" {}

data "aws_iam_roles" "roles" {
  for_each    = toset(concat(var.administrator_permission_sets, var.deployer_permission_sets, var.user_permission_sets))
  name_regex  = "^AWSReservedSSO_${replace(each.key, "/[+.]/", "[$0]")}_[0-9a-f]{16}$"
  path_prefix = "/aws-reserved/sso.amazonaws.com/"

  lifecycle {
    postcondition {
      condition     = length(self.arns) == 1
      error_message = "The permission set ${each.key} must have exactly one role in this account, got: ${length(self.arns)}. Assign the permission set to the account, or correct its name."
    }
  }
}

resource "aws_iam_role" "user_role" {
  for_each    = var.user_roles
  description = each.value.description
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in [
        {
          Sid    = "AllowTrustedPrincipals"
          Effect = "Allow"
          Principal = {
            AWS = each.value.trusted_principals
          }
          Action = "sts:AssumeRole"
        },
        {
          Sid    = "AllowTrustedServices"
          Effect = "Allow"
          Principal = {
            Service = each.value.trusted_services
          }
          Action = "sts:AssumeRole"
          Condition = {
            StringEqualsIfExists = {
              "aws:SourceAccount" = data.aws_caller_identity.caller.account_id
            }
          }
        },
      ] :
      statement if length(flatten(values(statement.Principal))) > 0
    ]
  })
  max_session_duration = each.value.max_session_duration
  name                 = each.key
  path                 = each.value.path
  permissions_boundary = each.value.permissions_boundary
  tags                 = var.tags
}

resource "aws_kms_key" "key" {
  description                        = var.description
  bypass_policy_lockout_safety_check = var.bypass_policy_lockout_safety_check
  deletion_window_in_days            = var.deletion_window_in_days
  enable_key_rotation                = true
  multi_region                       = var.multi_region
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in [
        {
          Sid    = "Allow access to principals authorized to use Amazon Redshift"
          Effect = "Allow"
          Principal = {
            AWS = "*"
          }
          Action   = ["kms:DescribeKey", "kms:CreateGrant"]
          Resource = "*"
          Condition = {
            StringEquals = {
              "kms:ViaService"    = local.via_services_canonical
              "kms:CallerAccount" = data.aws_caller_identity.caller.account_id
            }
          }
        },
        {
          Sid    = "AllowKeyAdministratorsAccess"
          Effect = "Allow"
          Principal = {
            AWS = local.administrators_canonical
          }
          Action   = "kms:*"
          Resource = "*"
        },
        {
          Sid    = "AllowKeyUseForExampleRole"
          Effect = "Allow"
          Principal = {
            AWS = local.users_canonical
          }
          Action   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
          Resource = "*"
        },
        {
          Sid    = "AllowDeployers"
          Effect = "Allow"
          Principal = {
            AWS = local.deployers_canonical
          }
          Action   = ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:RetireGrant"]
          Resource = "*"
        },
        {
          Sid    = "AllowDeployersGrantsForAwsServices"
          Effect = "Allow"
          Principal = {
            AWS = local.deployers_canonical
          }
          Action   = "kms:CreateGrant"
          Resource = "*"
          Condition = {
            Bool = {
              "kms:GrantIsForAWSResource" = "true"
            }
          }
        },
      ] :
      statement if length(flatten(values(statement.Principal))) > 0
    ]
  })
  rotation_period_in_days = var.rotation_period_in_days
  tags                    = var.tags
  depends_on              = [aws_iam_role.user_role]

  lifecycle {
    prevent_destroy = true

    precondition {
      condition     = length(local.administrators) > 0
      error_message = "'administrators' or 'administrator_permission_sets' must name at least one administrator, or nobody could manage the key."
    }

    precondition {
      condition     = var.bypass_policy_lockout_safety_check || !var.lockout_precondition || length(setintersection([for arn in [for value in local.administrators : value] : replace(arn, "/:role/.*//", ":role/")], [replace(data.aws_caller_identity.caller.arn, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3"), join("", ["arn:", data.aws_partition.partition.partition, ":iam::", data.aws_caller_identity.caller.account_id, ":root"])])) > 0
      error_message = "The caller of this plan, ${data.aws_caller_identity.caller.arn}, is not an administrator of this key, and KMS refuses a key policy that its caller could not change again. Three ways out: (1) add ${replace(data.aws_caller_identity.caller.arn, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3")} to 'administrators', with the role's path before its name, if it has one (a role of IAM Identity Center has /aws-reserved/sso.amazonaws.com/ or /aws-reserved/sso.amazonaws.com/REGION/); (2) add the account root, arn:${data.aws_partition.partition.partition}:iam::${data.aws_caller_identity.caller.account_id}:root, to 'administrators', so that the IAM policies of the account decide; (3) set 'bypass_policy_lockout_safety_check' to true, if the key is meant to be out of this caller's hands."
    }
  }
}

resource "aws_kms_alias" "key_alias" {
  name          = var.alias
  target_key_id = aws_kms_key.key.key_id
}
