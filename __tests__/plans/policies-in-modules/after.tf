# The first plan of a warehouse whose key and roles are in modules. Their policies have ARNs that the plan does not show.

data "aws_caller_identity" "current" {}

locals {
  readers = "Reader"
}

module "key" {
  source            = "./modules/key"
  account_id        = data.aws_caller_identity.current.account_id
  administrator_arn = "arn:aws:iam::111122223333:role/ExampleAdminRole"
  user_arn          = module.reader.role_arn
}

module "reader" {
  source        = "./modules/access"
  name          = local.readers
  workgroup_arn = aws_redshiftserverless_workgroup.this.arn
}

module "writer" {
  for_each      = toset(["a", "b"])
  source        = "./modules/access"
  name          = "Writer-${each.key}"
  workgroup_arn = aws_redshiftserverless_workgroup.this.arn
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "analytics"
  manage_admin_password = true
  kms_key_id            = module.key.arn
}

resource "aws_redshiftserverless_workgroup" "this" {
  namespace_name = aws_redshiftserverless_namespace.this.namespace_name
  workgroup_name = "analytics"

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }
}

resource "aws_iam_role" "loader" {
  name = "Loader"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = module.reader.role_arn } }]
  })
}

resource "aws_iam_role_policy" "loader" {
  name   = "warehouse"
  role   = aws_iam_role.loader.name
  policy = module.reader.policy
}
