variable "token" {
  default   = "hunter2-S3cretRegion"
  sensitive = true
}

variable "kms_key_arn" {
  default = null
}

provider "aws" {
  alias  = "expression"
  region = startswith(var.token, "hunter") ? "eu-west-1" : "us-east-1"
}

module "key" {
  source = "./modules/key"
}

resource "aws_kms_key" "region" {
  provider = aws.expression

  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.administrator, local.user] })
}

resource "aws_redshiftserverless_namespace" "region" {
  provider = aws.expression

  namespace_name        = "variables-region"
  kms_key_id            = aws_kms_key.region.arn
  manage_admin_password = true
}

resource "aws_redshiftserverless_namespace" "null" {
  namespace_name        = "variables-null"
  kms_key_id            = var.kms_key_arn
  manage_admin_password = true
}

resource "aws_kms_key" "each" {
  for_each = toset(["a", "b"])

  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshiftserverless_namespace" "each" {
  for_each = { a = "b", b = "a" }

  namespace_name        = "variables-${each.key}"
  kms_key_id            = aws_kms_key.each[each.value].arn
  manage_admin_password = true
}
