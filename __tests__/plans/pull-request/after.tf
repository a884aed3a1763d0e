resource "aws_kms_key" "warehouse" {
  deletion_window_in_days = 7
  enable_key_rotation     = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(local.redshift, {
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = "111122223333"
            "kms:ViaService"    = "redshift.amazonaws.com"
          }
        }
      }),
      local.administrator,
      merge(local.user, { Principal = { AWS = "arn:aws:iam::111122223333:role/ReportRole" } }),
    ]
  })
}

resource "aws_redshiftserverless_namespace" "analytics" {
  namespace_name        = "analytics"
  kms_key_id            = aws_kms_key.warehouse.arn
  manage_admin_password = true
}
