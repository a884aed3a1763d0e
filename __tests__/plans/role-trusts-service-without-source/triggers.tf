data "aws_caller_identity" "this" {}

resource "aws_iam_role" "query" {
  name = "Query"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "scheduler.amazonaws.com" } }
    ]
  })
}
