resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_kms_key" "other" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "analytics"
  manage_admin_password = true
  kms_key_id            = aws_kms_key.this.arn
}
