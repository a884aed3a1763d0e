resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.administrator, local.user, {
    Effect    = "Allow"
    Principal = { AWS = "*" }
    Action    = ["kms:CreateGrant", "kms:DescribeKey"]
    Resource  = "*"
    Condition = {
      StringEquals = {
        "kms:CallerAccount" = "111122223333"
        "kms:ViaService"    = ["redshift.amazonaws.com", "redshift-serverless.us-east-1.amazonaws.com"]
      }
    }
  }] })
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name        = "documented"
  kms_key_id            = aws_kms_key.this.arn
  manage_admin_password = true
}
