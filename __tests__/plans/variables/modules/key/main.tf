variable "policy" {
  type    = string
  default = null
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = var.policy
}

resource "aws_kms_key_policy" "this" {
  key_id = aws_kms_key.this.key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/ExampleAdminRole" }, Action = "kms:*", Resource = "*" }] })
}
