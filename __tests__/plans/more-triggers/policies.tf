variable "region" {
  default = "us-east-1"
}

provider "aws" {
  alias  = "variable"
  region = var.region
}

resource "aws_iam_role" "mover" {
  name               = "Mover"
  path               = "/moved/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_kms_key" "mover" {
  enable_key_rotation = true
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.redshift, local.administrator, merge(local.user, { Principal = { AWS = "arn:aws:iam::111122223333:role/Mover" } })]
  })
}

resource "aws_kms_key" "accounts" {
  enable_key_rotation = true
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.redshift, local.administrator, merge(local.user, { Principal = { AWS = "444455556666" } })]
  })
}

resource "aws_kms_key" "region" {
  provider = aws.variable

  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.administrator,
      merge(local.redshift, { Condition = { StringEquals = { "kms:CallerAccount" = "111122223333", "kms:ViaService" = "redshift-serverless.eu-west-1.amazonaws.com" } } }),
    ]
  })
}

resource "aws_redshiftserverless_namespace" "region" {
  provider = aws.variable

  namespace_name        = "region"
  kms_key_id            = aws_kms_key.region.arn
  manage_admin_password = true
}

resource "aws_iam_policy" "everything" {
  name = "Everything"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" },
      { Effect = "Deny", Action = "redshift-data:*", Resource = "*" },
    ]
  })
}

resource "aws_iam_policy" "data_api" {
  name   = "DataApi"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Sid = "All", Effect = "Allow", Action = "Redshift-Data:*", Resource = "*" } })
}
