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
        Condition = { StringEquals = { "cognito-identity.amazonaws.com:aud" = "us-east-1:1150cdc2-ffca-4a93-b6af-b3662f0ec2c6" } }
      }
    ]
  })
}
