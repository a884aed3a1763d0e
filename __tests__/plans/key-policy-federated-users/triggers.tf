resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.redshift,
      local.administrator,
      {
        Sid       = "Visitors"
        Effect    = "Allow"
        Principal = { Federated = "cognito-identity.amazonaws.com" }
        Action    = "kms:Decrypt"
        Resource  = "*"
      }
    ]
  })
}
