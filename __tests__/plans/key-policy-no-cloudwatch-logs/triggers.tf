resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.administrator] })
}

resource "aws_cloudwatch_log_group" "audit" {
  name       = "/aws/redshift/cluster/analytics/connectionlog"
  kms_key_id = aws_kms_key.this.arn
}
