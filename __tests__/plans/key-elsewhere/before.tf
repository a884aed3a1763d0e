resource "aws_kms_key" "this" {
  enable_key_rotation = true
}

resource "aws_kms_alias" "this" {
  name          = "alias/elsewhere"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "elsewhere"
  kms_key_id            = aws_kms_key.this.arn
  manage_admin_password = true
}
