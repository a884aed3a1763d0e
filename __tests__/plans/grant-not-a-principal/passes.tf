resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}


resource "aws_kms_grant" "this" {
  key_id            = aws_kms_key.this.key_id
  grantee_principal = "arn:aws:iam::111122223333:user/Analyst"
  operations        = ["Decrypt", "GenerateDataKey", "CreateGrant"]
  constraints {
    encryption_context_subset = {
      "aws:redshift-serverless:arn" = "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/1150cdc2-ffca-4a93-b6af-b3662f0ec2c6"
    }
  }
}
