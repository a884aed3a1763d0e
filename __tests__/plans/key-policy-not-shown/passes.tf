resource "aws_iam_role" "reader" {
  name               = "Unknown"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, merge(local.user, { Principal = { AWS = "arn:aws:iam::111122223333:role/${aws_iam_role.reader.name}" } })] })
}
