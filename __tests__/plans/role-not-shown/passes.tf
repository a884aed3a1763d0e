resource "aws_iam_role" "this" {
  name               = "Reader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy" "this" {
  name = "describe"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "redshift:DescribeClusters", Resource = "*" }]
  })
}
