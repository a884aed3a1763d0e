resource "aws_iam_role" "mover" {
  name               = "Mover"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}
