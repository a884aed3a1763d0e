resource "aws_iam_role" "reader" {
  name               = "ModuleReader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

module "known" {
  source = "./modules/key"

  administrators = ["arn:aws:iam::111122223333:role/ExampleAdminRole"]
  users          = ["arn:aws:iam::111122223333:role/ExampleUserRole"]
}

module "unknown" {
  source   = "./modules/key"
  for_each = toset(["eu", "us"])

  administrators = each.key == "eu" ? [aws_iam_role.reader.arn] : ["arn:aws:iam::111122223333:role/ExampleAdminRole"]
}

resource "aws_redshiftserverless_namespace" "known" {
  namespace_name        = "modules-known"
  kms_key_id            = module.known.key_arn
  manage_admin_password = true
}

resource "aws_redshiftserverless_namespace" "unknown" {
  for_each = toset(["eu", "us"])

  namespace_name        = "modules-${each.key}"
  kms_key_id            = module.unknown["us"].key_arn
  manage_admin_password = true
}
