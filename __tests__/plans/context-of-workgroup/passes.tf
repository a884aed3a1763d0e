resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user, {
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::111122223333:role/Reader" }
    Action    = "kms:Decrypt"
    Resource  = "*"
    Condition = { StringEquals = { "kms:EncryptionContext:aws:redshift-serverless:arn" = "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/12345678-1234-1234-1234-123456789012" } }
  }] })
}
