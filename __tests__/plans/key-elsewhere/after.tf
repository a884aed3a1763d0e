removed {
  from = aws_kms_key.this
  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_kms_alias.this
  lifecycle {
    destroy = false
  }
}

data "aws_kms_alias" "this" {
  name = "alias/elsewhere"
}

resource "aws_kms_key_policy" "this" {
  key_id = data.aws_kms_alias.this.target_key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "elsewhere"
  kms_key_id            = data.aws_kms_alias.this.target_key_arn
  manage_admin_password = true
}
