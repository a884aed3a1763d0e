locals {
  exception = {
    Sid          = "OnlyTheUser"
    Effect       = "Deny"
    NotPrincipal = { AWS = ["arn:aws:iam::111122223333:role/ExampleAdminRole", "arn:aws:iam::111122223333:role/ExampleUserRole", "arn:aws:iam::111122223333:root"] }
    Action       = "kms:Decrypt"
    Resource     = "*"
  }
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user, local.exception] })
}
