resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_redshift_parameter_group" "this" {
  name   = "no-identifier"
  family = "redshift-2.0"

  parameter {
    name  = "require_ssl"
    value = "true"
  }
}
