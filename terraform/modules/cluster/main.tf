locals {
  user_policy_without_key = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "redshift-data:ExecuteStatement",
          "redshift-data:BatchExecuteStatement",
          "redshift-data:ListDatabases",
          "redshift-data:ListSchemas",
          "redshift-data:ListTables",
          "redshift-data:DescribeTable",
        ]
        Resource = "arn:${data.aws_partition.partition.partition}:redshift:${data.aws_region.region.id}:${data.aws_caller_identity.caller.account_id}:cluster:${var.cluster_identifier}"
        Condition = {
          StringEqualsIfExists = {
            "redshift-data:session-owner-iam-userid" = "$${aws:userid}"
          }
        }
      },
      {
        Effect = "Allow"
        Action = [
          "redshift-data:DescribeStatement",
          "redshift-data:GetStatementResult",
          "redshift-data:CancelStatement",
          "redshift-data:ListStatements",
        ]
        Resource = "*"
        Condition = {
          StringEquals = {
            "redshift-data:statement-owner-iam-userid" = "$${aws:userid}"
          }
        }
      },
      {
        Effect   = "Allow"
        Action   = "redshift-data:ListSessions"
        Resource = "*"
        Condition = {
          StringEquals = {
            "redshift-data:session-owner-iam-userid" = "$${aws:userid}"
          }
        }
      },
      {
        Effect   = "Allow"
        Action   = "redshift:GetClusterCredentialsWithIAM"
        Resource = "arn:${data.aws_partition.partition.partition}:redshift:${data.aws_region.region.id}:${data.aws_caller_identity.caller.account_id}:dbname:${var.cluster_identifier}/${var.database_name}"
      },
    ]
  })
  user_policy_with_key = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "redshift-data:ExecuteStatement",
          "redshift-data:BatchExecuteStatement",
          "redshift-data:ListDatabases",
          "redshift-data:ListSchemas",
          "redshift-data:ListTables",
          "redshift-data:DescribeTable",
        ]
        Resource = "arn:${data.aws_partition.partition.partition}:redshift:${data.aws_region.region.id}:${data.aws_caller_identity.caller.account_id}:cluster:${var.cluster_identifier}"
        Condition = {
          StringEqualsIfExists = {
            "redshift-data:session-owner-iam-userid" = "$${aws:userid}"
          }
        }
      },
      {
        Effect = "Allow"
        Action = [
          "redshift-data:DescribeStatement",
          "redshift-data:GetStatementResult",
          "redshift-data:CancelStatement",
          "redshift-data:ListStatements",
        ]
        Resource = "*"
        Condition = {
          StringEquals = {
            "redshift-data:statement-owner-iam-userid" = "$${aws:userid}"
          }
        }
      },
      {
        Effect   = "Allow"
        Action   = "redshift-data:ListSessions"
        Resource = "*"
        Condition = {
          StringEquals = {
            "redshift-data:session-owner-iam-userid" = "$${aws:userid}"
          }
        }
      },
      {
        Effect   = "Allow"
        Action   = "redshift:GetClusterCredentialsWithIAM"
        Resource = "arn:${data.aws_partition.partition.partition}:redshift:${data.aws_region.region.id}:${data.aws_caller_identity.caller.account_id}:dbname:${var.cluster_identifier}/${var.database_name}"
      },
      {
        Effect   = "Allow"
        Action   = ["kms:CreateGrant", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource = var.key_arn
        Condition = {
          StringEquals = {
            "kms:ViaService" = [
              "redshift-serverless.${split(":", var.key_arn)[3]}.amazonaws.com",
              "redshift.${split(":", var.key_arn)[3]}.amazonaws.com",
              "redshift.amazonaws.com",
            ]
          }
        }
      },
    ]
  })
  user_policy = var.key_of_another_account ? local.user_policy_with_key : local.user_policy_without_key
}

data "aws_caller_identity" "caller" {}

data "aws_partition" "partition" {}

data "aws_region" "region" {}

resource "aws_redshift_subnet_group" "cluster_subnet_group" {
  description = "Subnets of the cluster ${var.cluster_identifier}"
  name        = var.cluster_identifier
  subnet_ids  = var.subnet_ids
  tags        = var.tags
}

resource "aws_redshift_parameter_group" "cluster_parameter_group" {
  count       = var.cluster_parameter_group_name == null ? 1 : 0
  description = "Parameters of the cluster ${var.cluster_identifier}"
  family      = "redshift-2.0"
  name        = var.cluster_identifier
  tags        = var.tags

  parameter {
    name  = "enable_user_activity_logging"
    value = "true"
  }

  parameter {
    name  = "require_ssl"
    value = "true"
  }
}

resource "terraform_data" "cluster_immutable" {
  input = {
    cluster_identifier = var.cluster_identifier
    key_arn            = var.key_arn
    key_made           = false
  }

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_redshift_cluster" "cluster" {
  automated_snapshot_retention_period  = var.automated_snapshot_retention_period
  availability_zone_relocation_enabled = var.availability_zone_relocation_enabled == null ? !var.multi_az && length(var.subnet_ids) > 1 : var.availability_zone_relocation_enabled
  cluster_identifier                   = var.cluster_identifier
  cluster_parameter_group_name         = var.cluster_parameter_group_name == null ? one(aws_redshift_parameter_group.cluster_parameter_group[*].name) : var.cluster_parameter_group_name
  cluster_subnet_group_name            = aws_redshift_subnet_group.cluster_subnet_group.name
  database_name                        = var.database_name
  default_iam_role_arn                 = var.default_iam_role_arn
  encrypted                            = "true"
  enhanced_vpc_routing                 = true
  final_snapshot_identifier            = "${var.cluster_identifier}-final"
  iam_roles                            = var.iam_roles
  kms_key_id                           = var.key_arn
  maintenance_track_name               = var.maintenance_track_name
  manage_master_password               = true
  master_password_secret_kms_key_id    = var.key_arn
  master_username                      = var.master_username
  multi_az                             = var.multi_az
  node_type                            = var.node_type
  number_of_nodes                      = var.number_of_nodes
  port                                 = var.port
  preferred_maintenance_window         = var.preferred_maintenance_window
  publicly_accessible                  = false
  skip_final_snapshot                  = false
  tags                                 = var.tags
  vpc_security_group_ids               = var.vpc_security_group_ids

  lifecycle {
    prevent_destroy = true

    precondition {
      condition     = (terraform_data.cluster_immutable.output.key_arn == var.key_arn)
      error_message = "The key of this cluster cannot become ${var.key_arn}: AWS refuses another key for an encrypted cluster, which stays under ${terraform_data.cluster_immutable.output.key_arn}. Create another warehouse, move the data, and destroy this one. If there is no data to lose, or the cluster was never created, take the module out of the configuration."
    }

    precondition {
      condition     = (terraform_data.cluster_immutable.output.cluster_identifier == var.cluster_identifier)
      error_message = "This cluster cannot become ${var.cluster_identifier}: its ARN would change, and every grant and statement that is bound to the ARN of ${terraform_data.cluster_immutable.output.cluster_identifier} would be lost. Create another warehouse, move the data, and destroy this one. If there is no data to lose, or the cluster was never created, take the module out of the configuration."
    }
  }
}

resource "aws_redshift_logging" "cluster_logging" {
  count                = length(var.log_exports) > 0 ? 1 : 0
  cluster_identifier   = aws_redshift_cluster.cluster.id
  log_destination_type = "cloudwatch"
  log_exports          = var.log_exports
}

resource "aws_iam_role_policy" "access" {
  count  = length(var.user_role_arns)
  name   = "${var.cluster_identifier}-cluster-data-api-${count.index}"
  policy = local.user_policy
  role   = element(reverse(split("/", var.user_role_arns[count.index])), 0)
}
