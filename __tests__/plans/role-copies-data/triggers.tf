resource "aws_iam_role" "reader" {
  name               = "Reader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_iam_role_policy" "reader" {
  name = "reader"
  role = aws_iam_role.reader.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["redshift:CreateClusterSnapshot", "redshift:RestoreFromClusterSnapshot"], Resource = "*" }
    ]
  })
}
