resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })

  deletion_window_in_days = 14
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "key-window"
  kms_key_id            = aws_kms_key.this.arn
  manage_admin_password = true
}
