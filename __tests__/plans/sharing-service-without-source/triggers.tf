resource "aws_redshift_resource_policy" "this" {
  resource_arn = "arn:aws:redshift:us-east-1:111122223333:namespace:1150cdc2-ffca-4a93-b6af-b3662f0ec2c6"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "redshift.amazonaws.com" }
        Action    = "redshift:AuthorizeInboundIntegration"
        Resource  = "arn:aws:redshift:us-east-1:111122223333:namespace:1150cdc2-ffca-4a93-b6af-b3662f0ec2c6"
      }
    ]
  })
}
