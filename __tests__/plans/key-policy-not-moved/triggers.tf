resource "aws_kms_key" "one" {
  enable_key_rotation = true
}

resource "aws_kms_key" "other" {
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "this" {
  key_id = aws_kms_key.other.key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}
