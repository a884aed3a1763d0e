resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_kms_grant" "this" {
  key_id            = aws_kms_key.this.key_id
  grantee_principal = "arn:aws:iam::111122223333:role/ExampleUserRole"
  operations        = ["Decrypt"]
  constraints {
    encryption_context_equals = {
      "aws:redshift-serverless:arn" = "arn:aws:redshift-serverless:us-east-1:111122223333:workgroup/12345678-1234-1234-1234-123456789012"
    }
  }
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name      = "more"
  kms_key_id          = "arn:aws:kms:us-east-1:111122223333:alias/more"
  admin_username      = "warehouse_admin"
  admin_user_password = "Written-1n-code"
}

resource "aws_redshiftserverless_workgroup" "this" {
  namespace_name      = aws_redshiftserverless_namespace.this.namespace_name
  workgroup_name      = "more"
  publicly_accessible = true
  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "false"
  }
}
