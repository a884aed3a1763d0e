resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_kms_alias" "this" {
  name          = "alias/not-arn"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "not-arn"
  kms_key_id            = aws_kms_alias.this.arn
  manage_admin_password = true
}
