variable "account_id" {
  type = string
}

variable "administrator_arn" {
  type = string
}

variable "user_arn" {
  type = string
}

locals {
  user = var.user_arn
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Administrator"
        Effect    = "Allow"
        Action    = "kms:*"
        Principal = { AWS = var.administrator_arn }
        Resource  = "*"
      },
      {
        Sid       = "User"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:DescribeKey"]
        Principal = { AWS = local.user }
        Resource  = "*"
      },
      {
        Sid       = "DataApi"
        Effect    = "Allow"
        Action    = ["kms:CreateGrant", "kms:DescribeKey"]
        Principal = { AWS = local.user }
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = var.account_id
            "kms:ViaService"    = ["redshift-serverless.us-east-1.amazonaws.com", "redshift.amazonaws.com"]
          }
        }
      },
    ]
  })
}

output "arn" {
  value = aws_kms_key.this.arn
}
