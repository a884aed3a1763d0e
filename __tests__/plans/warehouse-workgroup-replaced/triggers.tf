resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "regrouped"
  kms_key_id            = aws_kms_key.this.arn
  manage_admin_password = true
}

resource "aws_redshiftserverless_workgroup" "this" {
  namespace_name = aws_redshiftserverless_namespace.this.namespace_name
  workgroup_name = "renamed"
  base_capacity  = 32
}
