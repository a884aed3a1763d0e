moved {
  from = aws_kms_key.old
  to   = aws_kms_key.this
}

resource "aws_kms_key" "this" {
  description         = "a | `<b>`"
  enable_key_rotation = true
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "moved"
  kms_key_id            = aws_kms_key.this.arn
  manage_admin_password = true
}

resource "terraform_data" "other" {}
