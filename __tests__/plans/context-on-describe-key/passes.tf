resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user, {
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::111122223333:role/Reader" }
    Action    = "kms:Decrypt"
    Resource  = "*"
    Condition = { StringEquals = { "kms:EncryptionContext:serviceName" = "RedshiftDataAPI" } }
  }] })
}
