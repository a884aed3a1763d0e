resource "aws_iam_role" "reader" {
  name               = "DestroyedReader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_kms_key" "this" {
  deletion_window_in_days = 7
  enable_key_rotation     = true
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.redshift, local.administrator, merge(local.user, { Principal = { AWS = aws_iam_role.reader.arn } })]
  })
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "destroyed"
  kms_key_id            = aws_kms_key.this.arn
  manage_admin_password = true
}

resource "aws_kms_grant" "this" {
  key_id            = aws_kms_key.this.key_id
  grantee_principal = aws_iam_role.reader.arn
  operations        = ["Decrypt"]
  constraints {
    encryption_context_subset = {
      "aws:redshift-serverless:arn" = aws_redshiftserverless_namespace.this.arn
    }
  }
}
