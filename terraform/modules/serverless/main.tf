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
          "redshift-serverless:GetCredentials",
        ]
        Resource = aws_redshiftserverless_workgroup.serverless_workgroup.arn
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
          "redshift-serverless:GetCredentials",
        ]
        Resource = aws_redshiftserverless_workgroup.serverless_workgroup.arn
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

resource "aws_redshiftserverless_namespace" "serverless" {
  admin_password_secret_kms_key_id = var.key_arn
  admin_username                   = var.admin_username
  db_name                          = var.database_name
  default_iam_role_arn             = var.default_iam_role_arn
  iam_roles                        = var.iam_roles
  kms_key_id                       = var.key_arn
  log_exports                      = var.log_exports
  manage_admin_password            = true
  namespace_name                   = var.namespace_name
  tags                             = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_redshiftserverless_workgroup" "serverless_workgroup" {
  base_capacity        = var.base_capacity
  enhanced_vpc_routing = true
  max_capacity         = var.max_capacity
  namespace_name       = aws_redshiftserverless_namespace.serverless.namespace_name
  port                 = var.port
  publicly_accessible  = false
  security_group_ids   = var.security_group_ids
  subnet_ids           = var.subnet_ids
  tags                 = var.tags
  track_name           = var.track_name
  workgroup_name       = coalesce(var.workgroup_name, var.namespace_name)

  config_parameter {
    parameter_key   = "auto_mv"
    parameter_value = "true"
  }

  config_parameter {
    parameter_key   = "datestyle"
    parameter_value = "ISO, MDY"
  }

  config_parameter {
    parameter_key   = "enable_case_sensitive_identifier"
    parameter_value = "false"
  }

  config_parameter {
    parameter_key   = "enable_user_activity_logging"
    parameter_value = "true"
  }

  config_parameter {
    parameter_key   = "max_query_execution_time"
    parameter_value = "14400"
  }

  config_parameter {
    parameter_key   = "query_group"
    parameter_value = "default"
  }

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }

  config_parameter {
    parameter_key   = "search_path"
    parameter_value = "$user, public"
  }

  config_parameter {
    parameter_key   = "use_fips_ssl"
    parameter_value = "false"
  }

  price_performance_target {
    enabled = var.base_capacity == null
    level   = var.base_capacity == null ? 50 : null
  }

  lifecycle {
    ignore_changes       = [config_parameter]
    prevent_destroy      = true
    replace_triggered_by = [aws_redshiftserverless_namespace.serverless.namespace_id]
  }
}

resource "aws_iam_role_policy" "access" {
  count  = length(var.user_role_arns)
  name   = "${var.namespace_name}-serverless-data-api-${count.index}"
  policy = local.user_policy
  role   = element(reverse(split("/", var.user_role_arns[count.index])), 0)
}
