resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.administrator, {
    Sid       = "Everybody"
    Effect    = "Allow"
    Principal = "*"
    Action    = ["kms:CreateGrant", "kms:DescribeKey"]
    Resource  = "*"
    Condition = { StringEquals = { "kms:ViaService" = "redshift.us-east-1.amazonaws.com" } }
  }] })
}
