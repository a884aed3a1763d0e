locals {
  redshift = {
    Sid       = "Redshift"
    Effect    = "Allow"
    Principal = { AWS = "*" }
    Action    = ["kms:CreateGrant", "kms:DescribeKey"]
    Resource  = "*"
    Condition = {
      StringEquals = {
        "kms:CallerAccount" = "111122223333"
        "kms:ViaService"    = ["redshift-serverless.us-east-1.amazonaws.com", "redshift.us-east-1.amazonaws.com"]
      }
    }
  }
  administrator = {
    Sid       = "Administrator"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::111122223333:role/ExampleAdminRole" }
    Action    = "kms:*"
    Resource  = "*"
  }
  user = {
    Sid       = "User"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::111122223333:role/ExampleUserRole" }
    Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    Resource  = "*"
  }
  trust = {
    Effect    = "Allow"
    Principal = { Service = "lambda.amazonaws.com" }
    Action    = "sts:AssumeRole"
  }
}
