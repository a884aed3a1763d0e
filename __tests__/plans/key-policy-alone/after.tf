resource "aws_kms_key_policy" "this" {
  key_id = "12345678-1234-1234-1234-123456789012"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "alone"
  kms_key_id            = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012"
  manage_admin_password = true
}
