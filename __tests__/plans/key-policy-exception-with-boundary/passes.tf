locals {
  exception = {
    Sid          = "OnlyTheUser"
    Effect       = "Deny"
    NotPrincipal = { AWS = ["arn:aws:iam::111122223333:role/Reader", "arn:aws:iam::111122223333:root"] }
    Action       = "kms:Decrypt"
    Resource     = "*"
  }
}

resource "aws_iam_role" "reader" {
  name                 = "Reader"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user, local.exception] })
}
