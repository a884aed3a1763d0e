resource "aws_kms_key" "this" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [local.redshift, local.administrator, local.user, {
      Sid       = "ByTag"
      Effect    = "Allow"
      Principal = "*"
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = {
        StringEquals = { "kms:CallerAccount" = "111122223333", "aws:PrincipalTag/team" = "data" }
      }
    }]
  })
}

resource "aws_iam_role" "reader" {
  name               = "Reader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
  tags               = { team = "web", stage = "test" }
}
