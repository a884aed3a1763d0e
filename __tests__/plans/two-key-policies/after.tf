resource "aws_kms_key" "this" {
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "first" {
  key_id = aws_kms_key.this.key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator] })
}

resource "aws_kms_key_policy" "second" {
  key_id = aws_kms_key.this.key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.redshift, local.administrator, local.user] })
}
