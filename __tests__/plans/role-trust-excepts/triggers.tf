resource "aws_iam_role" "reader" {
  name = "Reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.trust,
      { Effect = "Deny", Action = "sts:AssumeRole", NotPrincipal = { AWS = "arn:aws:iam::111122223333:role/ExampleAdminRole" } }
    ]
  })
}
