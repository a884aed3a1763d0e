resource "aws_kms_key" "warehouse" {
  enable_key_rotation = true
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.redshift, local.administrator, local.user]
  })
}

resource "aws_redshiftserverless_namespace" "analytics" {
  namespace_name        = "analytics"
  kms_key_id            = aws_kms_key.warehouse.arn
  manage_admin_password = true
}
