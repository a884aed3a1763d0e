resource "aws_iam_role_policy" "this" {
  role = "ExampleUserRole"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = "redshift-data:ExecuteStatement"
    Resource = "arn:aws:redshift:us-east-1:111122223333:cluster:analytics"
  }] })
}
