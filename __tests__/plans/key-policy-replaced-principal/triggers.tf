resource "terraform_data" "version" {
  input = 2
}

resource "aws_iam_role" "reader" {
  name               = "Renewed"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })

  lifecycle {
    replace_triggered_by = [terraform_data.version]
  }
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, merge(local.user, { Principal = { AWS = "arn:aws:iam::111122223333:role/Renewed" } })] })

  depends_on = [aws_iam_role.reader]
}
