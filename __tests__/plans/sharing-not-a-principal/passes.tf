resource "aws_redshiftserverless_resource_policy" "this" {
  resource_arn = "arn:aws:redshift-serverless:us-east-1:111122223333:snapshot/1150cdc2-ffca-4a93-b6af-b3662f0ec2c6"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:user/Analyst" }
        Action    = "redshift-serverless:RestoreFromSnapshot"
      }
    ]
  })
}
