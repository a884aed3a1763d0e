resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_kms_grant" "this" {
  key_id            = aws_kms_key.this.key_id
  grantee_principal = "arn:aws:iam::111122223333:role/Grantee"
  operations        = ["Decrypt"]
  constraints {
    encryption_context_subset = {
      "serviceName" = "RedshiftDataAPI"
    }
  }
}
