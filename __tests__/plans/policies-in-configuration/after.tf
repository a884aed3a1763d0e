variable "service" {
  default = "redshift-serverless.us-east-1.amazonaws.com"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  root       = "arn:${data.aws_partition.current.partition}:iam::${local.account_id}:root" # the account
}

resource "aws_iam_role" "administrator" {
  name = "KeyAdmin"
  path = "/security/"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = local.root } }]
  })
}

resource "aws_iam_role" "analyst" {
  name = "Analyst"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.administrator.arn } }]
  })
}

resource "aws_iam_role_policy" "analyst" {
  name = "data-api"
  role = aws_iam_role.analyst.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials"]
      Resource = aws_redshiftserverless_workgroup.this.arn
    }]
  })
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  # The administrator cannot use the key.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Administrator"
        Effect    = "Allow"
        Principal = { AWS = [aws_iam_role.administrator.arn] }
        Action = [
          "kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*",
          "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion",
        ]
        Resource = "*"
      },
      {
        Sid       = "DataApi" // through the Data API
        Effect    = "Allow"
        Principal = { "AWS" : "arn:aws:iam::${local.account_id}:role/${aws_iam_role.analyst.name}" }
        Action    = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = local.account_id
            "kms:ViaService"    = [var.service, "redshift.amazonaws.com"]
          }
        }
      },
    ]
  })
}

resource "aws_kms_key" "heredoc" {
  enable_key_rotation = true
  policy              = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "Everything",
        "Effect": "Allow",
        "Principal": { "AWS": ["${local.root}", "${aws_iam_role.analyst.arn}"] },
        "Action": "kms:*",
        "Resource": "*"
      }
    }
  EOT
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "analytics"
  manage_admin_password = true
  kms_key_id            = aws_kms_key.this.arn
}

resource "aws_redshiftserverless_workgroup" "this" {
  namespace_name = aws_redshiftserverless_namespace.this.namespace_name
  workgroup_name = "analytics"
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "pipeline" {
  name = "Pipeline"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:example/analytics:ref:refs/heads/main"
        }
      }
    }]
  })
}

data "aws_iam_policy_document" "key" {
  version = "2012-10-17"

  statement {
    sid       = "Root"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
  }

  statement {
    sid    = "Analyst"
    effect = "Allow"
    actions = [
      "kms:Decrypt",
      "kms:DescribeKey",
    ]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.analyst.arn, aws_iam_role.administrator.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [var.service]
    }
  }
}

resource "aws_kms_key" "document" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "pipeline" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.document.arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/team"
      values   = ["&{aws:PrincipalTag/team}"]
    }
  }
}

resource "aws_iam_role_policy" "pipeline" {
  name   = "key"
  role   = aws_iam_role.pipeline.name
  policy = data.aws_iam_policy_document.pipeline.json
}
