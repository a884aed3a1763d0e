resource "aws_iam_role" "operator" {
  name               = "Operator"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_iam_role_policy" "operator" {
  name = "operator"
  role = aws_iam_role.operator.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:AttachRolePolicy", "iam:PassRole"], Resource = "arn:aws:iam::111122223333:role/*" }
    ]
  })
}
