resource "aws_iam_role_policy" "this" {
  role = "ExampleUserRole"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = "kms:CreateGrant"
    Resource = "*"
    Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
  }] })
}
