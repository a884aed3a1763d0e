resource "aws_kms_key" "old" {
  enable_key_rotation = true
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "moved"
  kms_key_id            = aws_kms_key.old.arn
  manage_admin_password = true
}
