resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}

resource "aws_iam_role" "user" {
  name               = "ExampleUserRole"
  path               = "/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}
