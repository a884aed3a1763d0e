resource "aws_iam_role" "this" {
  name               = "Reader"
  assume_role_policy = sensitive(jsonencode({ Version = "2012-10-17", Statement = [] }))
}
