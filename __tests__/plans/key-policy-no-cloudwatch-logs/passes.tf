resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.administrator, local.logs] })
}

resource "aws_cloudwatch_log_group" "audit" {
  name       = "/aws/redshift/cluster/analytics/connectionlog"
  kms_key_id = aws_kms_key.this.arn
}

locals {
  logs = {
    Effect    = "Allow"
    Principal = { Service = "logs.us-east-1.amazonaws.com" }
    Action    = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    Resource  = "*"
    Sid       = "AllowAuditLogGroups"
    Condition = {
      ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/redshift/*" }
    }
  }
}
